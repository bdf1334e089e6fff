-- MCP policies in Neovim: the file type, colours, and the language server `mcppol lsp`.
--
-- Copy this file into the folder `plugin` beside your init.lua. The server is found on PATH;
-- `vim.g.mcppol_command = { "/path/to/mcppol", "lsp" }` before it names another one.

local command = vim.g.mcppol_command or { "mcppol", "lsp" }

-- The folder of the project that a file is in: the nearest one with settings or a repository, else its own.
local function root_of(file)
  local folder = vim.fn.fnamemodify(file, ":p:h")
  local settings = vim.fn.findfile("mcppol.toml", vim.fn.escape(folder, " ;,") .. ";")
  if settings ~= "" then
    return vim.fn.fnamemodify(settings, ":p:h")
  end
  local repository = vim.fn.finddir(".git", vim.fn.escape(folder, " ;,") .. ";")
  return repository ~= "" and vim.fn.fnamemodify(repository, ":p:h:h") or folder
end

local running = {} -- servers, by the folder of their project, where Neovim does not keep them itself

local function start(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  if name == "" or vim.fn.executable(command[1]) == 0 then
    return
  end
  local root = root_of(name)
  local config = {
    name = "mcppol",
    cmd = command,
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    on_exit = function() running[root] = nil end,
  }
  if vim.lsp.start then -- since 0.8
    vim.lsp.start(config, { bufnr = buffer })
    return
  end
  running[root] = running[root] or vim.lsp.start_client(config)
  if running[root] then
    vim.lsp.buf_attach_client(buffer, running[root])
  end
end

local function colours()
  vim.cmd([[
    syntax clear
    syntax iskeyword @,48-57,_,-,@-@
    syntax keyword mcppolItem policy set import grant test
    syntax keyword mcppolStatement default allow ask deny hide limit on include require call
    syntax keyword mcppolWord all any as because count every except for having if per times to total until uses
    syntax keyword mcppolOperator and exists host in matches missing not or under
    syntax match mcppolOperator /\<contains\>/
    syntax keyword mcppolUnit second seconds minute minutes hour hours day days
    syntax keyword mcppolConstant true false null
    syntax match mcppolOperator /->\|[=!<>]=\|[<>=]/
    syntax match mcppolNumber /\<-\?\d[0-9_]*\(\.\d\+\)\?\>/
    syntax match mcppolNumber /\<\d\{4}-\d\d-\d\d\>/
    syntax match mcppolSet /@[A-Za-z0-9_][A-Za-z0-9_.-]*/
    syntax match mcppolArgument /\<args\(\.[A-Za-z0-9_-]\+\)\+/
    syntax match mcppolPattern /[A-Za-z0-9_.-]*[*?][A-Za-z0-9_.*?-]*/
    syntax match mcppolEscape /\\./ contained
    syntax region mcppolText start=/"/ skip=/\\./ end=/"/ oneline contains=mcppolEscape,@Spell
    syntax region mcppolText start=/\<r"/ end=/"/ oneline
    syntax match mcppolComment "//.*" contains=@Spell
    syntax match mcppolDocumentation "///.*" contains=@Spell
    syntax match mcppolDirective "//\s*mcppol:.*"
    highlight default link mcppolItem Keyword
    highlight default link mcppolStatement Statement
    highlight default link mcppolWord Keyword
    highlight default link mcppolOperator Operator
    highlight default link mcppolUnit Type
    highlight default link mcppolConstant Boolean
    highlight default link mcppolNumber Number
    highlight default link mcppolSet Identifier
    highlight default link mcppolArgument Identifier
    highlight default link mcppolPattern Special
    highlight default link mcppolEscape SpecialChar
    highlight default link mcppolText String
    highlight default link mcppolComment Comment
    highlight default link mcppolDocumentation SpecialComment
    highlight default link mcppolDirective PreProc
  ]])
  vim.b.current_syntax = "mcppol"
end

local group = vim.api.nvim_create_augroup("mcppol", {})

vim.api.nvim_create_autocmd({ "BufRead", "BufNewFile" }, {
  group = group,
  pattern = "*.mcp",
  callback = function() vim.bo.filetype = "mcppol" end,
})
-- Policies in the formats of gateways are judged where they stand.
vim.api.nvim_create_autocmd({ "BufRead", "BufNewFile" }, {
  group = group,
  pattern = { "*.policylayer.json", "*.intercept.json", "*.intercept.yaml", "*.intercept.yml", "*.rules.json" },
  callback = function(event) start(event.buf) end,
})
vim.api.nvim_create_autocmd("FileType", {
  group = group,
  pattern = "mcppol",
  callback = function(event)
    local buffer = vim.bo[event.buf]
    buffer.commentstring = "// %s"
    buffer.comments = ":///,://"
    buffer.expandtab, buffer.shiftwidth, buffer.softtabstop = true, 2, 2
    buffer.omnifunc = "v:lua.vim.lsp.omnifunc"
    start(event.buf)
  end,
})
vim.api.nvim_create_autocmd("Syntax", { group = group, pattern = "mcppol", callback = colours })
