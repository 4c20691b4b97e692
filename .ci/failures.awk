# Reads what `go test -json` wrote and prints, of each test and package that failed, what it says
# is wrong and its last lines, then the names of the first 20.
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
# print_lines prints at most so many lines, the first ones (1) or the last ones (-1).
function print_lines(text, from, count,   lines, line, i, end) {
  sub(/\n+$/, "", text)
  lines = split(text, line, "\n")
  i = from < 0 && lines > count ? lines - count + 1 : 1
  end = i + count - 1 < lines ? i + count - 1 : lines
  for (; i <= end; i++) print substr(line[i], 1, 400)
}
{ action = field("Action"); name = field("Package") " " field("Test"); key = FILENAME " " name }
action == "output" {
  text = plain(field("Output"))
  said[key] = substr(said[key] text, length(said[key]) > 6000 ? 3000 : 1)
  if (name !~ /^ui\// && text ~ /_test\.go:[0-9]+: |Error( Trace)?: |Messages: |panic: |fatal error: |DATA RACE/) why[key] = substr(why[key] substr(text, 1, 500), 1, 4000)
}
action == "pass" { delete said[key]; delete why[key] }
action == "fail" {
  printf "\n--- %s\n", name
  print_lines(why[key], 1, 8)
  print_lines(said[key], -1, why[key] == "" ? 14 : 4)
  failed[++failures] = name
}
END { for (i = 1; i <= failures && i <= 20; i++) print "FAILED " failed[i] }
