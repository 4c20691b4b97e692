package manifest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// field is one member of an object that is put together from several places of a spec, each with its own path.
type field struct {
	parent path
	key    string
	value  any
}

func (f field) at() path { return f.parent.key(f.key) }

func fieldsOf(m map[string]any, at path) []field {
	out := make([]field, 0, len(m))
	for _, key := range sortedKeys(m) {
		out = append(out, field{parent: at, key: key, value: m[key]})
	}
	return out
}

// decode fills into (a pointer to a Kubernetes struct) from fields. Unknown fields and wrong types are reported with
// their paths; into is then left as far as it could be filled.
func decode(fields []field, into any, ps *problems) {
	t := reflect.TypeOf(into).Elem()
	members := membersOf(t)
	fixed := map[string]any{}
	for _, f := range fields {
		member, ok := members.types[f.key]
		if !ok {
			ps.unknown(f.parent, f.key, members.names)
			continue
		}
		if value := conform(f.value, member, f.at(), ps); value != nil {
			fixed[f.key] = value
		}
	}
	raw, err := json.Marshal(fixed)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil && len(ps.found) == 0 {
		ps.add(commonPath(fields), "not a valid %s: %s", t.Name(), err)
	}
}

func decodeValue(v any, at path, into any, ps *problems) {
	decode(fieldsOf(ps.object(v, at), at), into, ps)
}

// decodeList decodes each element of an array of objects.
func decodeList[T any](v any, at path, ps *problems) []T {
	items := ps.list(v, at)
	out := make([]T, len(items))
	for i, item := range items {
		if item == nil {
			ps.add(at.index(i), "expected object, got nothing")
		}
		decodeValue(item, at.index(i), &out[i], ps)
	}
	return out
}

func commonPath(fields []field) path {
	if len(fields) == 0 {
		return ""
	}
	return fields[0].parent
}

var (
	quantityType    = reflect.TypeFor[resource.Quantity]()
	intOrStringType = reflect.TypeFor[intstr.IntOrString]()
	unmarshalerType = reflect.TypeFor[json.Unmarshaler]()
)

// conform checks a value against a Go type that is decoded from JSON, and returns the value that decodes into it, or
// nil when there is none. Numbers and booleans may be given as text, because shared values are always text; nothing
// else is converted.
func conform(v any, t reflect.Type, at path, ps *problems) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if v == nil {
		return nil
	}
	if isSecret(v) {
		ps.add(at, secretNotAllowed)
		return nil
	}
	if reflect.PointerTo(t).Implements(unmarshalerType) {
		return conformSpecial(v, t, at, ps)
	}
	switch t.Kind() {
	case reflect.Struct:
		return conformStruct(v, t, at, ps)
	case reflect.Map:
		return conformMap(v, t, at, ps)
	case reflect.Slice:
		return conformSlice(v, t, at, ps)
	case reflect.Interface:
		return v
	}
	return conformScalar(v, t, at, ps)
}

func conformStruct(v any, t reflect.Type, at path, ps *problems) any {
	members := membersOf(t)
	object := ps.object(v, at)
	if object == nil {
		return nil
	}
	out := map[string]any{}
	for _, key := range sortedKeys(object) {
		member, ok := members.types[key]
		if !ok {
			ps.unknown(at, key, members.names)
			continue
		}
		if value := conform(object[key], member, at.key(key), ps); value != nil {
			out[key] = value
		}
	}
	return out
}

func conformMap(v any, t reflect.Type, at path, ps *problems) any {
	object := ps.object(v, at)
	if object == nil {
		return nil
	}
	out := map[string]any{}
	for _, key := range sortedKeys(object) {
		if value := conform(object[key], t.Elem(), at.key(key), ps); value != nil {
			out[key] = value
		}
	}
	return out
}

func conformSlice(v any, t reflect.Type, at path, ps *problems) any {
	if t.Elem().Kind() == reflect.Uint8 {
		encoded := ps.str(v, at)
		if _, err := base64.StdEncoding.DecodeString(encoded); err != nil {
			ps.add(at, "expected base64 text")
		}
		return encoded
	}
	items := ps.list(v, at)
	if items == nil {
		return nil
	}
	out := make([]any, 0, len(items))
	for i, item := range items {
		if item == nil {
			ps.add(at.index(i), "expected %s, got nothing", typeName(t.Elem()))
			continue
		}
		out = append(out, conform(item, t.Elem(), at.index(i), ps))
	}
	return out
}

func conformScalar(v any, t reflect.Type, at path, ps *problems) any {
	switch t.Kind() {
	case reflect.String:
		if s, ok := v.(string); ok {
			return s
		}
	case reflect.Bool:
		if b, ok := asBool(v); ok {
			return b
		}
	case reflect.Int, reflect.Int32, reflect.Int64:
		if n, ok := asInteger(v); ok {
			if reflect.Zero(t).OverflowInt(n) {
				ps.add(at, "%d is out of range", n)
				return nil
			}
			return n
		}
	case reflect.Float32, reflect.Float64:
		if n, ok := v.(float64); ok {
			return n
		}
	}
	ps.add(at, "expected %s, got %s", typeName(t), kindOf(v))
	return nil
}

func asBool(v any) (bool, bool) {
	switch v {
	case true, "true":
		return true, true
	case false, "false":
		return false, true
	}
	return false, false
}

// asInteger accepts whole numbers and their text.
func asInteger(v any) (int64, bool) {
	switch v := v.(type) {
	case float64:
		if v != math.Trunc(v) || math.Abs(v) > 1<<53 {
			return 0, false
		}
		return int64(v), true
	case string:
		n, err := strconv.ParseInt(v, 10, 64)
		return n, err == nil
	}
	return 0, false
}

// conformSpecial handles types that decode themselves: quantities, ports, times.
func conformSpecial(v any, t reflect.Type, at path, ps *problems) any {
	_, isText := v.(string)
	_, isNumber := v.(float64)
	switch {
	case t == quantityType:
		return conformQuantity(v, at, ps)
	case t == intOrStringType && isText:
		if n, ok := asInteger(v); ok {
			return n
		}
		return v
	case t == intOrStringType && isNumber:
		if n, ok := asInteger(v); ok {
			return n
		}
	}
	raw, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(raw, reflect.New(t).Interface())
	}
	if err != nil || t == intOrStringType {
		ps.add(at, "expected %s, got %s", typeName(t), kindOf(v))
		return nil
	}
	return v
}

func conformQuantity(v any, at path, ps *problems) any {
	var written string
	switch v := v.(type) {
	case string:
		written = v
	case float64:
		written = strconv.FormatFloat(v, 'f', -1, 64)
	default:
		ps.add(at, "expected quantity such as 250m or 64Mi, got %s", kindOf(v))
		return nil
	}
	if _, err := resource.ParseQuantity(written); err != nil {
		ps.add(at, "expected quantity such as 250m or 64Mi, got %q", written)
		return nil
	}
	return written
}

func typeName(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == intOrStringType {
		return "whole number or string"
	}
	if reflect.PointerTo(t).Implements(unmarshalerType) {
		return strings.ToLower(t.Name())
	}
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "whole number"
	case reflect.Float32, reflect.Float64:
		return "number"
	case reflect.Slice:
		return "array"
	}
	return "object"
}

// members are the JSON fields of a struct, those of inlined structs included.
type members struct {
	types map[string]reflect.Type
	names []string
}

var membersCache sync.Map

func membersOf(t reflect.Type) members {
	if cached, ok := membersCache.Load(t); ok {
		known, _ := cached.(members) // nothing else is stored
		return known
	}
	m := members{types: map[string]reflect.Type{}}
	collectMembers(t, m.types)
	m.names = sortedKeys(m.types)
	membersCache.Store(t, m)
	return m
}

func collectMembers(t reflect.Type, into map[string]reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" && f.Anonymous {
			collectMembers(f.Type, into)
			continue
		}
		if name == "" || name == "-" {
			continue
		}
		into[name] = f.Type
	}
}

// toTree writes a Kubernetes struct as a plain tree, without its status.
func toTree(object any) (map[string]any, error) {
	raw, err := json.Marshal(object)
	if err != nil {
		return nil, fmt.Errorf("write %T as JSON: %w", object, err)
	}
	var tree map[string]any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, fmt.Errorf("read %T back: %w", object, err)
	}
	delete(tree, "status")
	dropEmptyTimestamps(tree)
	return tree, nil
}

// dropEmptyTimestamps removes the null creationTimestamp that older Kubernetes types write into every metadata.
func dropEmptyTimestamps(v any) {
	switch v := v.(type) {
	case map[string]any:
		if stamp, ok := v["creationTimestamp"]; ok && stamp == nil {
			delete(v, "creationTimestamp")
		}
		for _, child := range v {
			dropEmptyTimestamps(child)
		}
	case []any:
		for _, child := range v {
			dropEmptyTimestamps(child)
		}
	}
}
