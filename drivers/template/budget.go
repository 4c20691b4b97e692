package template

import (
	"context"
	"fmt"
	"reflect"
)

// budget is what one run has used of its limits.
type budget struct {
	ctx       context.Context
	limits    Limits
	steps     int
	bytes     int
	expensive int
	// overflow is set once a result has become too long.
	overflow error
}

// exceededError says which limit stopped a template.
type exceededError struct{ what string }

func (l *exceededError) Error() string { return l.what }

// maxDepth is how deep a value made by functions may nest. Real documents stay
// below 30; printing indents by depth, so an unbounded one is unbounded text.
const maxDepth = 200

// step counts one loop round, template body or function call. It is also where a run notices that its time is up.
func (b *budget) step() error {
	b.steps++
	if b.steps > b.limits.Steps {
		return &exceededError{fmt.Sprintf("it takes more than %d steps; look for a loop over too many things", b.limits.Steps)}
	}
	if b.overflow != nil {
		return b.overflow
	}
	return b.ctx.Err()
}

// charge measures a value that a function made, following shared parts as often
// as printing would, and adds it to what the run has used.
func (b *budget) charge(name string, v reflect.Value) error {
	m := meter{items: 10 * b.limits.Items, bytes: b.limits.Output}
	m.measure(v, 0)
	if m.exceeded {
		return &exceededError{fmt.Sprintf("function %s makes more than %d bytes, %d elements or %d levels",
			name, b.limits.Output, 10*b.limits.Items, maxDepth)}
	}
	b.bytes += b.limits.Output - m.bytes
	if b.bytes > b.limits.Total {
		return &exceededError{fmt.Sprintf("its functions make more than %d bytes in all", b.limits.Total)}
	}
	return nil
}

// meter walks a value until it has used up what it may.
type meter struct {
	items, bytes int
	exceeded     bool
}

func (m *meter) measure(v reflect.Value, depth int) {
	for v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	m.items--
	if m.items < 0 || m.bytes < 0 || depth > maxDepth {
		m.exceeded = true
	}
	if m.exceeded || !v.IsValid() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		m.bytes -= v.Len()
		m.exceeded = m.bytes < 0
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			m.bytes -= v.Len()
			m.exceeded = m.bytes < 0
			return
		}
		for i := 0; i < v.Len() && !m.exceeded; i++ {
			m.measure(v.Index(i), depth+1)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next() && !m.exceeded; {
			m.measure(it.Key(), depth+1)
			m.measure(it.Value(), depth+1)
		}
	}
}
