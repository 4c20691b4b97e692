package client

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// maxEvent bounds one event, in bytes.
const maxEvent = 1 << 20

// readEvents calls fn with the data of each server-sent event, in order, until the stream or fn ends. It returns nil at
// the end of the stream. An event that the stream broke off is not delivered. The format is that of the WHATWG HTML
// standard, section 9.2; names and ids of events are not looked at, the data carries both.
func readEvents(r io.Reader, fn func(data string) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 4096), maxEvent)
	var data []string
	size := 0
	for lines.Scan() {
		line := lines.Text()
		if line == "" {
			if len(data) > 0 {
				if err := fn(strings.Join(data, "\n")); err != nil {
					return err
				}
			}
			data, size = nil, 0
			continue
		}
		field, value, _ := strings.Cut(line, ":")
		if field != "data" {
			continue // id, event, retry, and comments, whose field is empty
		}
		if size += len(value); size > maxEvent {
			return fmt.Errorf("an event is larger than %d bytes", maxEvent)
		}
		data = append(data, strings.TrimPrefix(value, " "))
	}
	return lines.Err()
}
