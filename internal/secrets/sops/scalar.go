package sops

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// The names of scalar types as they stand in encrypted values.
const (
	kindString = "str"
	kindInt    = "int"
	kindFloat  = "float"
	kindBool   = "bool"
	kindTime   = "time"
)

// scalar is a YAML scalar in the spelling that the format encrypts and counts into the MAC.
type scalar struct {
	kind string
	text string
}

// empty strings are left unencrypted by the format.
func (s scalar) empty() bool { return s.kind == kindString && s.text == "" }

// scalarOf reads a scalar. Numbers and times are brought into the canonical spelling of the format, booleans are
// written True and False.
func scalarOf(node *yaml.Node) (scalar, error) {
	var value any
	if err := node.Decode(&value); err != nil {
		return scalar{}, errors.New("the value cannot be read as its YAML type")
	}
	switch v := value.(type) {
	case string:
		return scalar{kindString, v}, nil
	case int:
		return scalar{kindInt, strconv.Itoa(v)}, nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return scalar{}, errors.New("the number is not finite, which sops cannot encrypt")
		}
		return scalar{kindFloat, strconv.FormatFloat(v, 'f', -1, 64)}, nil
	case bool:
		if v {
			return scalar{kindBool, "True"}, nil
		}
		return scalar{kindBool, "False"}, nil
	case time.Time:
		text, err := v.MarshalText()
		if err != nil {
			return scalar{}, errors.New("the time cannot be written")
		}
		return scalar{kindTime, string(text)}, nil
	}
	return scalar{}, errors.New("the value is of a YAML type that sops cannot encrypt")
}

// writeTo puts a decrypted scalar back into its node.
func (s scalar) writeTo(node *yaml.Node) {
	if s.kind == kindString {
		setString(node, s.text)
		return
	}
	text := s.text
	if s.kind == kindBool {
		text = map[string]string{"True": "true", "False": "false"}[s.text]
	}
	if s.kind == kindFloat && !strings.Contains(text, ".") {
		text += ".0"
	}
	*node = yaml.Node{Kind: yaml.ScalarNode, Value: text}
}
