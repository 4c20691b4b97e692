package catalogue

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// FromText reads a parameter that was typed, by the type that the template
// declares: numbers and booleans as such, lists and objects as JSON, everything
// else as it is.
func (t Template) FromText(name, text string) (any, error) {
	property, declared := t.properties()[name].(map[string]any)
	if !declared {
		return nil, &ParameterError{[]string{fmt.Sprintf("there is no parameter %q; there are: %s", name, t.names())}}
	}
	var out any
	var err error
	switch property["type"] {
	case "integer", "number":
		out, err = strconv.ParseFloat(text, 64)
	case "boolean":
		out, err = strconv.ParseBool(text)
	case "array", "object":
		err = json.Unmarshal([]byte(text), &out)
	default:
		return text, nil
	}
	if err != nil {
		return nil, &ParameterError{[]string{fmt.Sprintf("%s: expected %v, got %q", name, property["type"], text)}}
	}
	return out, nil
}
