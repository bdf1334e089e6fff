-- Drives the server from a real Neovim without a screen: `nvim --headless … -c "luafile neovim.lua" wrong.mcp`.
-- A JSON line for everything that is looked at; the exit code is 1 where something is not as it should be.

local buffer = vim.api.nvim_get_current_buf()
local failed = false

local function say(what, ok, value)
  failed = failed or not ok
  io.stdout:write(vim.json.encode({ what = what, ok = ok and true or false, value = value }), "\n")
end

local function finish()
  io.stdout:flush()
  vim.cmd(failed and "cquit! 1" or "qall!")
end

local function soon(condition)
  return vim.wait(10000, condition, 20)
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), "\n")
end

-- The codes of the findings, and the words that they are about.
local function findings()
  local codes, words = {}, {}
  for _, it in ipairs(vim.diagnostic.get(buffer)) do
    local line = vim.api.nvim_buf_get_lines(buffer, it.lnum, it.lnum + 1, true)[1]
    table.insert(codes, it.code)
    table.insert(words, line:sub(it.col + 1, it.end_col))
  end
  return table.concat(codes, " "), table.concat(words, " ")
end

-- Puts the cursor behind some words.
local function behind(words)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, true)) do
    local _, last = line:find(words, 1, true)
    if last then
      vim.api.nvim_win_set_cursor(0, { number, last })
      return
    end
  end
  error("`" .. words .. "` is not there")
end

local function ask(method, extra)
  local params = vim.tbl_extend("force", vim.lsp.util.make_position_params(0, "utf-16"), extra or {})
  for _, answer in pairs(vim.lsp.buf_request_sync(buffer, method, params, 10000) or {}) do
    return answer.result
  end
end

local function run()
  say("file type", vim.bo.filetype == "mcppol" and vim.bo.fileformat == "dos", vim.bo.filetype)
  local group = function(words)
    behind(words)
    local line, column = unpack(vim.api.nvim_win_get_cursor(0))
    return vim.fn.synIDattr(vim.fn.synID(line, column, 1), "name")
  end
  local colours = { group("policy"), group("search_*"), group("because"), group("stays"), group("for"), group("with.") }
  local wanted = { "mcppolItem", "mcppolPattern", "mcppolWord", "mcppolText", "mcppolWord", "mcppolComment" }
  say("colours", vim.deep_equal(colours, wanted), colours)

  soon(function() return #vim.diagnostic.get(buffer) == 3 end)
  local codes, words = findings()
  say("findings", codes == "unknown-tool lossy-lowering unknown-tool", codes)
  say("their places", words:match("fetch_histroy .* clear_autth$") ~= nil, words)

  behind("ask remove_from")
  local hover = ask("textDocument/hover")
  say("hover", hover and vim.inspect(hover.contents):find("remove_from_history", 1, true), hover)

  behind("fetch_his")
  local answer = ask("textDocument/completion") or {}
  local labels = vim.tbl_map(function(item) return item.label end, answer.items or answer)
  say("completion", vim.tbl_contains(labels, "fetch_history"), #labels)

  behind("policy wr")
  vim.lsp.buf.rename("right")
  soon(function() return text():find('bot" uses right', 1, true) end)
  say("rename", text():find("policy right for", 1, true) and text():find('"🎈 bot" uses right', 1, true), text())

  vim.cmd([[%s/clear_autth/clear_auth/]])
  soon(function() return #vim.diagnostic.get(buffer) == 3 and findings():find("redundant%-default") end)
  codes = findings()
  say("findings after an edit", codes == "unknown-tool lossy-lowering redundant-default", codes)

  vim.cmd([[%s/default deny/      default   deny/]])
  vim.lsp.buf.formatting_sync({ tabSize = 8, insertSpaces = false }, 10000)
  say("format", text():find("\n  default deny\n", 1, true) and text():find("stays\"\n  deny clear_auth\n", 1, true), text())

  vim.cmd("write")
  local bytes = table.concat(vim.fn.readfile(vim.api.nvim_buf_get_name(buffer), "b"), "\n")
  local _, ends = bytes:gsub("\n", "")
  local _, returns = bytes:gsub("\r\n", "")
  say("the ends of lines stay", ends > 5 and ends == returns, { ends, returns })

  local clients = vim.lsp.get_active_clients()
  say("one server", #clients == 1, #clients)
  vim.lsp.stop_client(clients)
  say("goodbye", soon(function() return #vim.lsp.get_active_clients() == 0 end))
end

local ok, problem = pcall(run)
if not ok then
  say("error", false, problem)
end
finish()
