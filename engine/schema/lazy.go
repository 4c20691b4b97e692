package schema

import "sync"

// Lazy is a schema that is compiled when it is first needed; most of those that are at hand never are. Nil accepts
// everything. It is safe for concurrent use.
type Lazy struct {
	document map[string]any
	once     sync.Once
	compiled *Schema
	err      error
}

// Later keeps a schema for later. One that only says "an object" gives nil, as there is nothing to check.
func Later(document map[string]any) *Lazy {
	if isOpen(document) {
		return nil
	}
	return &Lazy{document: document}
}

// isOpen tells whether the schema says nothing but that there is an object, and words for people.
func isOpen(document map[string]any) bool {
	for keyword, value := range document {
		switch keyword {
		case "title", "description", "$schema", "$comment", "examples":
		case "type":
			if value != "object" {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// Err says what keeps the schema from being used, nil when nothing does. Any
// JSON object is a legal schema on the wire, so such a one is not refused when it is saved.
func (l *Lazy) Err() error {
	if l == nil {
		return nil
	}
	l.once.Do(func() { l.compiled, l.err = Compile(l.document) })
	return l.err
}

// Check is Check of the compiled schema for an object. A schema that cannot be
// used asks for nothing: see Err.
func (l *Lazy) Check(document map[string]any, o Options) []Problem {
	if l == nil || l.Err() != nil {
		return nil
	}
	if document == nil {
		document = map[string]any{}
	}
	return l.compiled.Check(document, o)
}
