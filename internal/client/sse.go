package client

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// maxEvent bounds one event, in bytes.
const maxEvent = 1 << 20

// readFrames calls fn with each server-sent event, in order, until the stream or fn ends. It returns nil at the end of the
// stream. An event that the stream broke off is not delivered. The format is that of the WHATWG HTML standard, section 9.2.
func readFrames(r io.Reader, fn func(Frame) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 4096), maxEvent)
	var frame Frame
	var data []string
	size := 0
	for lines.Scan() {
		line := lines.Text()
		if line == "" {
			if len(data) > 0 {
				frame.Data = json.RawMessage(strings.Join(data, "\n"))
				if err := fn(frame); err != nil {
					return err
				}
			}
			frame, data, size = Frame{}, nil, 0
			continue
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "id":
			frame.ID = value
		case "event":
			frame.Type = value
		case "data":
			if size += len(value); size > maxEvent {
				return fmt.Errorf("an event is larger than %d bytes", maxEvent)
			}
			data = append(data, value)
		} // not retry, and not comments, whose field is empty
	}
	return lines.Err()
}
