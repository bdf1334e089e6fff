;;; emacs.el --- Drives the server from a real Emacs in batch  -*- lexical-binding: t -*-

;; `emacs -q --batch -L editors/emacs -l emacs.el wrong.mcp' prints a JSON line for everything that is looked at;
;; the exit code is 1 where something is not as it should be.

(setq load-prefer-newer t)
(package-initialize)
(require 'eglot)
(require 'flymake)
(require 'json)
(require 'mcppol-mode)

(setq eglot-sync-connect t
      eglot-autoshutdown nil
      eglot-confirm-server-initiated-edits nil
      eglot-events-buffer-size 0
      create-lockfiles nil
      make-backup-files nil)

(defvar failed nil)

(defun say (what ok &optional value)
  (unless ok (setq failed t))
  (princ (json-encode `((what . ,what) (ok . ,(if ok t :json-false)) (value . ,value))))
  (terpri))

(defun behind (words)
  (goto-char (point-min))
  (search-forward words))

(defun text ()
  (buffer-substring-no-properties (point-min) (point-max)))

(defun has (words)
  (string-search words (text)))

(defun findings ()
  (flymake-start)
  (accept-process-output nil 0.1)
  (mapcar (lambda (it) (buffer-substring-no-properties (flymake-diagnostic-beg it) (flymake-diagnostic-end it)))
          (sort (flymake-diagnostics)
                (lambda (a b) (< (flymake-diagnostic-beg a) (flymake-diagnostic-beg b))))))

(defun soon (condition)
  (with-timeout (10 nil)
    (while (not (funcall condition))
      (accept-process-output nil 0.05))
    t))

(defun face-behind (words)
  (behind words)
  (get-text-property (1- (point)) 'face))

(defun run (file)
  (find-file file)
  (say "mode" (and (eq major-mode 'mcppol-mode) (eq (coding-system-eol-type buffer-file-coding-system) 1))
       (symbol-name major-mode))
  (font-lock-ensure)
  (let ((faces (mapcar #'face-behind '("policy" "wrong" "search_" "because" "stays" "with."))))
    (say "colours"
         (equal faces '(font-lock-keyword-face font-lock-function-name-face font-lock-type-face
                        font-lock-keyword-face font-lock-string-face font-lock-comment-face))
         faces))
  (apply #'eglot (eglot--guess-contact))
  (let ((server (eglot-current-server)))
    (flymake-mode 1)
    (soon (lambda () (= (length (findings)) 3)))
    (let ((found (findings)))
      (say "findings" (and (equal (car found) "fetch_histroy") (equal (nth 2 found) "clear_autth")) found))
    (behind "ask remove_from")
    (let ((hover (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams))))
      (say "hover" (string-search "remove_from_history" (format "%S" hover)) (format "%S" hover)))
    (behind "fetch_his")
    (let* ((table (nth 2 (eglot-completion-at-point)))
           (offered (mapcar #'substring-no-properties (all-completions "fetch_his" table))))
      (say "completion" (member "fetch_history" offered) offered))
    (behind "policy wr")
    (eglot-rename "right")
    (say "rename" (and (has "policy right for") (has "\"🎈 bot\" uses right")) (text))
    (behind "clear_au")
    (delete-char 1)
    (eglot--signal-textDocument/didChange)
    (soon (lambda () (not (member "clear_autth" (findings)))))
    (say "findings after an edit" (equal (nth 0 (findings)) "fetch_histroy") (findings))
    (behind "default")
    (insert "     ")
    (eglot-format-buffer)
    (say "format" (and (has "\n  default deny\n") (has "stays\"\n  deny clear_auth\n")) (text))
    (behind "default")
    (insert "\n")
    (indent-according-to-mode)
    (say "indent" (has "default\n  deny") (text))
    (undo-boundary)
    (delete-indentation)
    (save-buffer)
    (let ((bytes (with-temp-buffer
                   (set-buffer-multibyte nil)
                   (insert-file-contents-literally file)
                   (buffer-string))))
      (say "the ends of lines stay" (and (string-search "\r\n" bytes) (not (string-match-p "[^\r]\n" bytes)))))
    (eglot-shutdown server nil 10)
    (say "goodbye" (not (jsonrpc-running-p server)))))

(let ((file (expand-file-name (pop command-line-args-left))))
  (condition-case problem
      (run file)
    (error (say "error" nil (format "%S" problem)))))
(kill-emacs (if failed 1 0))
;;; emacs.el ends here
