package storetest

import (
	"fmt"
	"reflect"
	"time"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// epoch is a time with nanoseconds, which PostgreSQL's own type would lose.
var epoch = time.Date(2024, 5, 6, 7, 8, 9, 123456789, time.UTC)

// fill gives every field of a struct a value of its own that depends on seed,
// so that a field the store forgets, or mixes up with another, is noticed.
func fill(target any, seed int) {
	n := seed * 1000
	fillValue(reflect.ValueOf(target).Elem(), &n)
}

func fillValue(v reflect.Value, n *int) {
	*n++
	switch special := v.Addr().Interface().(type) {
	case *time.Time:
		*special = epoch.Add(time.Duration(*n) * time.Nanosecond)
		return
	case *deployset.Delta:
		*special = sampleDelta(*n)
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("ü<%d>", *n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Bool:
		v.SetBool(*n/1000%2 == 1)
	case reflect.Interface:
		v.Set(reflect.ValueOf(map[string]any{"any": float64(*n)}))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillValue(v.Elem(), n)
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(v.Field(i), n)
		}
	case reflect.Slice:
		fillSlice(v, n)
	case reflect.Map:
		fillMap(v, n)
	}
}

func fillSlice(v reflect.Value, n *int) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		v.SetBytes([]byte{0, byte(*n), 255})
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), 2, 2))
	for i := range v.Len() {
		fillValue(v.Index(i), n)
	}
}

func fillMap(v reflect.Value, n *int) {
	v.Set(reflect.MakeMap(v.Type()))
	if v.Type().Elem().Kind() == reflect.Interface {
		for name, value := range exactDocument(*n) {
			v.SetMapIndex(reflect.ValueOf(name), reflect.ValueOf(&value).Elem())
		}
		return
	}
	element := reflect.New(v.Type().Elem()).Elem()
	fillValue(element, n)
	v.SetMapIndex(reflect.ValueOf(fmt.Sprintf("key-%d", *n)), element)
}

// exactDocument holds what databases like to change: long fractions, large
// numbers, nulls, empty trees, characters that need escaping.
func exactDocument(n int) map[string]any {
	return map[string]any{
		"n": float64(n), "third": 1.0 / 3.0, "large": 1e300, "big": float64(1 << 53), "null": nil, "yes": true,
		"empty": map[string]any{}, "none": []any{}, "": "<a href=\"x\">&\u2028\x00\t</a>",
		"deep": map[string]any{"list": []any{float64(1), "two", nil, map[string]any{"b": 1.5, "a": false}}},
	}
}

func sampleDelta(n int) deployset.Delta {
	return deployset.Delta{
		Modules: deployset.Changes{
			Add:    map[string]map[string]any{"api": exactDocument(n), "gone": nil},
			Remove: []string{"old"},
			Update: map[string][]deployset.Op{"web": {{Op: "add", Path: "/spec/x", Value: nil}, {Op: "remove", Path: "/spec/y"}}},
		},
		Shared: []deployset.Op{{Op: "replace", Path: "/db/params", Value: map[string]any{"size": float64(n)}}},
	}
}
