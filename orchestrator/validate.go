package orchestrator

import (
	"regexp"
	"unicode/utf8"
)

// The shapes of ids that callers choose (docs/reference/ids.md).
var (
	slugPattern = regexp.MustCompile(`^[a-z0-9](?:-?[a-z0-9]+)+$`) // applications, environments, environment types
	keyPattern  = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)          // shared values
)

const (
	maxSlug = 50  // characters of application and environment ids
	maxName = 256 // characters of display names
	maxKey  = 256 // characters of keys and other ids; indexes of databases are not made for more
)

// checkSlug validates the id of an application, environment or environment type.
func checkSlug(field, id string, limit int) error {
	if len(id) > limit {
		return Invalidf("%s: %q has %d characters; at most %d are possible", field, shorten(id), len(id), limit)
	}
	if !slugPattern.MatchString(id) {
		return Invalidf("%s: %q is not valid; use at least 2 lower-case letters and digits, with single dashes in between", field, id)
	}
	return nil
}

// checkKey validates the key of a Shared Value.
func checkKey(key string) error {
	if len(key) > maxKey || !keyPattern.MatchString(key) {
		return Invalidf("key: %q is not valid; use up to %d letters, digits, dots, dashes and underscores", shorten(key), maxKey)
	}
	return nil
}

// checkName validates a display name.
func checkName(field, name string) error {
	if name == "" {
		return Invalidf("%s: a name is required", field)
	}
	if n := utf8.RuneCountInString(name); n > maxName {
		return Invalidf("%s: %q has %d characters; at most %d are possible", field, shorten(name), n, maxName)
	}
	return nil
}

// shorten keeps messages readable when a client sends a novel as an id.
func shorten(s string) string {
	runes := []rune(s)
	if len(runes) <= 64 {
		return s
	}
	return string(runes[:64]) + "..."
}
