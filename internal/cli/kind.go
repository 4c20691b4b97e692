package cli

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// kind is something that `get` shows.
type kind struct {
	name    string   // as the command is called
	aliases []string // everything else that people type
	short   string
	need    []string // settings that must be known
	args    []string // names of arguments; the last one is the id unless noItem
	filters []filter // flags that become query parameters
	// fetch reads a list, or the one thing with the id in the last of ids.
	fetch func(q query) (json.RawMessage, error)
	// table makes the columns from the answer, a list or one thing.
	table func(raw json.RawMessage) (*table, error)
}

// columns makes a table from an answer that is a T or a list of them.
func columns[T any](head []string, row func(T) []string) func(json.RawMessage) (*table, error) {
	return func(raw json.RawMessage) (*table, error) {
		list, err := listOf[T](raw)
		if err != nil {
			return nil, err
		}
		t := newTable(head...)
		for _, item := range list {
			t.add(row(item)...)
		}
		return t, nil
	}
}

// listOf reads a list, or one thing as a list of one.
func listOf[T any](raw json.RawMessage) ([]T, error) {
	var list []T
	if len(raw) > 0 && raw[0] != '[' {
		list = make([]T, 1)
		if err := json.Unmarshal(raw, &list[0]); err != nil {
			return nil, fmt.Errorf("the answer is not what the API documents: %w", err)
		}
		return list, nil
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("the answer is not what the API documents: %w", err)
	}
	return list, nil
}

// pick finds the one item of a list for which match holds, as it came.
func pick[T any](raw json.RawMessage, what string, match func(T) bool) (json.RawMessage, error) {
	items, err := listOf[json.RawMessage](raw)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		var parsed T
		if err := json.Unmarshal(item, &parsed); err != nil {
			return nil, fmt.Errorf("the answer is not what the API documents: %w", err)
		}
		if match(parsed) {
			return item, nil
		}
	}
	return nil, &client.Error{Status: 404, Code: "HTTP-404", Message: what + " does not exist"}
}

// ago spells a time for tables.
func ago(t api.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04:05")
}

func agoPtr(t *api.Time) string {
	if t == nil {
		return ""
	}
	return ago(*t)
}

// took spells a duration: 0.4s, 12.3s, 4m05s, 1h02m.
func took(d time.Duration) string {
	switch {
	case d < 0:
		return "0s"
	case d < time.Minute:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
}

// short12 shortens content ids for tables.
func short12(id string) string {
	if len(id) > 12 {
		return id[:12]
	}
	return id
}
