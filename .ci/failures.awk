# Reads what `go test -json` wrote and prints, of each test and package that failed, the last lines of what it said, then the
# names of the first 20.
function field(name,   at) {
  at = index($0, "\"" name "\":\"")
  if (!at) return ""
  match(substr($0, at + length(name) + 4), /^([^"\\]|\\.)*/)
  return substr($0, at + length(name) + 4, RLENGTH)
}
function plain(text) {
  gsub(/\\\\/, "\001", text)
  gsub(/\\u003c/, "<", text); gsub(/\\u003e/, ">", text); gsub(/\\u0026/, "\\&", text); gsub(/\\u001b\[[0-9;]*m/, "", text)
  gsub(/\\t/, "  ", text); gsub(/\\"/, "\"", text); gsub(/\\n/, "\n", text); gsub(/\001/, "\\", text)
  return text
}
{ action = field("Action"); name = field("Package") " " field("Test"); key = FILENAME " " name }
action == "output" { said[key] = substr(said[key] plain(field("Output")), length(said[key]) > 6000 ? 3000 : 1) }
action == "pass" { delete said[key] }
action == "fail" {
  lines = split(said[key], line, "\n")
  printf "\n--- %s\n", name
  for (i = lines > 14 ? lines - 13 : 1; i <= lines; i++) print substr(line[i], 1, 400)
  failed[++failures] = name
}
END { for (i = 1; i <= failures && i <= 20; i++) print "FAILED " failed[i] }