package git

// Shown is the repository for people and records: the URL without credentials.
func (t Target) Shown() (string, error) {
	loc, err := t.resolve()
	return loc.shown, err
}
