package api

// Error is the body of every answer that is not a success, but for the few
// operations that the published API documents otherwise.
type Error struct {
	Code    string         `json:"error" doc:"Machine-readable code, HTTP-<status> when there is no better one"`
	Message string         `json:"message" doc:"What is wrong, with which thing, and what to do"`
	Details map[string]any `json:"details,omitempty" doc:"Additional structured information"`
}

// Error makes the body usable as a Go error on the client's side.
func (e *Error) Error() string { return e.Message }
