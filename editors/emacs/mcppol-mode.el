;;; mcppol-mode.el --- Policies for the tools of MCP servers  -*- lexical-binding: t -*-

;; Package-Requires: ((emacs "28.1"))
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; The mode for policy files, and what Eglot needs to know of `mcppol lsp'.
;; Put this file on your load path and write into your init file
;;
;;   (require 'mcppol-mode)
;;   (add-hook 'mcppol-mode-hook #'eglot-ensure)
;;
;; The server is found on PATH; `mcppol-command' names another one.

;;; Code:

(defgroup mcppol nil
  "Policies for the tools of MCP servers."
  :group 'languages)

(defcustom mcppol-command '("mcppol" "lsp")
  "The program of the language server, and its arguments."
  :type '(repeat string))

(defcustom mcppol-indent-offset 2
  "By how many columns a block is indented."
  :type 'integer
  :safe #'integerp)

(defconst mcppol--keywords
  (let ((name "[[:alnum:]_][[:alnum:]_.-]*")
        (word (lambda (words) (concat "\\_<" (regexp-opt words t) "\\_>"))))
    `(("@[[:alnum:]_][[:alnum:]_.-]*" . font-lock-variable-name-face)
      ("\\_<args\\(?:\\.[[:alnum:]_-]+\\)+" . font-lock-variable-name-face)
      (,(concat "\\_<\\(policy\\|set\\)[ \t]+\\(" name "\\)")
       (1 font-lock-keyword-face) (2 font-lock-function-name-face))
      (,(funcall word '("policy" "set" "import" "grant" "test" "default" "allow" "ask" "deny" "hide" "limit"
                        "on" "include" "require" "call"))
       . font-lock-keyword-face)
      (,(funcall word '("all" "any" "as" "because" "count" "every" "except" "for" "having" "if" "per" "times"
                        "to" "total" "until" "uses"))
       . font-lock-keyword-face)
      (,(funcall word '("and" "contains" "exists" "host" "in" "matches" "missing" "not" "or" "under"))
       . font-lock-builtin-face)
      (,(funcall word '("second" "seconds" "minute" "minutes" "hour" "hours" "day" "days"))
       . font-lock-type-face)
      (,(funcall word '("true" "false" "null")) . font-lock-constant-face)
      ("[[:alnum:]_.-]*[*?][[:alnum:]_.*?-]*" . font-lock-type-face)))
  "What is coloured besides comments and strings.")

(defvar mcppol-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    (dolist (letter '(?_ ?- ?. ?@ ?* ??))
      (modify-syntax-entry letter "_" table))
    table)
  "Syntax of policy files.")

(defun mcppol-indent-line ()
  "Indent the line by the brackets that are open where it begins."
  (interactive)
  (let* ((depth (save-excursion
                  (back-to-indentation)
                  (let ((open (car (syntax-ppss))))
                    (if (looking-at-p "\\s)") (1- open) open))))
         (column (* mcppol-indent-offset (max 0 depth))))
    (if (<= (current-column) (current-indentation))
        (indent-line-to column)
      (save-excursion (indent-line-to column)))))

;;;###autoload
(define-derived-mode mcppol-mode prog-mode "MCP Policy"
  "Major mode for policies of the tools that agents call."
  (setq-local comment-start "// "
              comment-start-skip "///?[ \t]*"
              font-lock-defaults '(mcppol--keywords)
              indent-line-function #'mcppol-indent-line
              indent-tabs-mode nil))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.mcp\\'" . mcppol-mode))

(put 'mcppol-mode 'eglot-language-id "mcppol")

(defun mcppol-contact (&rest _)
  "How Eglot starts the server."
  mcppol-command)

(with-eval-after-load 'eglot
  (defvar eglot-server-programs)
  (add-to-list 'eglot-server-programs '(mcppol-mode . mcppol-contact)))

(provide 'mcppol-mode)
;;; mcppol-mode.el ends here
