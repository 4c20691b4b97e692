package cli_test

import "time"

// waitLong bounds what must happen, waitStep is how often it is looked for.
const (
	waitLong = time.Minute
	waitStep = 20 * time.Millisecond
)
