package devenv

// FetchProgram lets tests fetch an archive of their own, whose checksum is not a pinned one.
var FetchProgram = fetchProgram
