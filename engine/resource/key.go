package resource

import (
	"cmp"
	"fmt"
	"strings"
)

// DefaultClass is the class of a resource that names none.
const DefaultClass = "default"

// Key identifies a resource inside one environment. Two needs with the same key are one resource; an id alone is not
// unique.
type Key struct {
	Type  string `json:"type"`  // built-in ("s3") or custom ("my-org/s3")
	Class string `json:"class"` // "" means DefaultClass
	ID    string `json:"id"`    // graph id: modules.<workload>, modules.<workload>.externals.<id>, shared.<id>, or any free id
}

// Normalized returns the key with its class filled in.
func (k Key) Normalized() Key {
	if k.Class == "" {
		k.Class = DefaultClass
	}
	return k
}

// String gives type.class#id.
func (k Key) String() string { return k.Type + "." + k.Class + "#" + k.ID }

// MarshalText implements encoding.TextMarshaler with the form of String, so that a Key can be the key of a JSON map.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the form of String.
func (k *Key) UnmarshalText(text []byte) error {
	head, id, found := strings.Cut(string(text), "#")
	typ, class, dotted := strings.Cut(head, ".")
	if !found || !dotted {
		return fmt.Errorf("read resource key %q: it must have the form type.class#id", text)
	}
	*k = Key{Type: typ, Class: class, ID: id}
	return nil
}

// Compare orders keys by id, then type, then class: resources of one workload stand together.
func (k Key) Compare(other Key) int {
	return cmp.Or(cmp.Compare(k.ID, other.ID), cmp.Compare(k.Type, other.Type), cmp.Compare(k.Class, other.Class))
}
