package resource

import (
	"fmt"
	"strings"
)

// Ref is a reference to a resource as definitions write it: type[.class][#id]. An empty class or id means that of the
// resource in whose definition it stands, or any, in the selected part of a selector.
type Ref struct {
	Type, Class, ID string
}

// ParseRef reads type[.class][#id].
func ParseRef(s string) (Ref, error) {
	head, id, hasID := strings.Cut(s, "#")
	typ, class, hasClass := strings.Cut(head, ".")
	ref := Ref{Type: typ, Class: class, ID: id}
	switch {
	case !isName(strings.Replace(typ, "/", "", 1)) || strings.HasPrefix(typ, "/") || strings.HasSuffix(typ, "/"):
		return Ref{}, refError(s, "its type is missing or has characters other than letters, digits, - and _")
	case hasClass && !isName(class):
		return Ref{}, refError(s, "its class is empty or has characters other than letters, digits, - and _")
	case hasID && (id == "" || strings.ContainsAny(id, "#<> \t\r\n\"'")):
		return Ref{}, refError(s, "its id is empty or has spaces, quotes, #, < or >")
	}
	return ref, nil
}

// String gives type[.class][#id].
func (r Ref) String() string {
	s := r.Type
	if r.Class != "" {
		s += "." + r.Class
	}
	if r.ID != "" {
		s += "#" + r.ID
	}
	return s
}

// Key fills the empty parts with those of the current resource.
func (r Ref) Key(current Key) Key {
	key := Key(r)
	if key.Class == "" {
		key.Class = current.Normalized().Class
	}
	if key.ID == "" {
		key.ID = current.ID
	}
	return key
}

// Selects tells whether the resource is one that the reference stands for when empty parts mean any.
func (r Ref) Selects(key Key) bool {
	return r.Type == key.Type && (r.Class == "" || r.Class == key.Class) && (r.ID == "" || r.ID == key.ID)
}

func refError(s, reason string) error {
	return fmt.Errorf("read resource reference %q: %s; write type[.class][#id]", s, reason)
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return s != ""
}
