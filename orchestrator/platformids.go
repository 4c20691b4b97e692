package orchestrator

import "regexp"

// The shapes of ids of what platform engineers define (docs/reference/ids.md).
var (
	recordPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]+[a-z0-9]$`) // definitions, drivers, accounts
	classPattern  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*[a-z0-9]$`) // resource classes
)

const (
	maxClass = 63   // characters of a class, as the published API says
	maxText  = 1024 // characters of names, descriptions and criteria fields
)

// checkRecordID validates the id of a definition or driver.
func checkRecordID(field, id string) error {
	if len(id) > maxKey || !recordPattern.MatchString(id) {
		return Invalidf("%s: %q is not valid; use 3 to %d lower-case letters, digits and dashes, with no dash at either end",
			field, shorten(id), maxKey)
	}
	return nil
}

// checkClassID validates the id of a registered class.
func checkClassID(field, id string) error {
	if len(id) > maxClass || !classPattern.MatchString(id) {
		return Invalidf("%s: %q is not valid; use 2 to %d lower-case letters, digits and dashes, with no dash at either end",
			field, shorten(id), maxClass)
	}
	return nil
}

// checkText bounds a text for people.
func checkText(field, text string) error {
	if len(text) > maxText {
		return Invalidf("%s: %d characters are too many; at most %d are possible", field, len(text), maxText)
	}
	return nil
}
