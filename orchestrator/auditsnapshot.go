package orchestrator

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"
)

// maxSnapshot is how many bytes of JSON one state in the audit log may have;
// larger ones are named by their size only.
const maxSnapshot = 32 << 10

// hidden stands in the audit log for what was there and is not shown.
const hidden = "(secret)"

// secretNames are the names, in lower case without separators, of fields and
// keys whose content never gets into the audit log. References to secrets do.
var secretNames = map[string]bool{
	"secret": true, "secrets": true, "password": true, "passwd": true, "token": true, "tokens": true, "hash": true, "credentials": true,
	"creds": true, "sealed": true, "privatekey": true, "secretvalue": true, "authorization": true, "apikey": true, "accesskey": true,
	"secretkey": true, "clientsecret": true, "secretaccesskey": true, "headers": true,
}

// snapshot is a state as the audit log keeps it: structs by the snake_case
// names of their fields, without row versions, empty fields and secrets.
func snapshot(v any) map[string]any {
	if v == nil {
		return nil
	}
	plain := plainValue(reflect.ValueOf(v))
	state, ok := plain.(map[string]any)
	if !ok {
		if plain == nil {
			return nil
		}
		state = map[string]any{"value": plain}
	}
	raw, err := json.Marshal(state)
	if err != nil {
		return map[string]any{"note": "this state cannot be shown"}
	}
	if len(raw) > maxSnapshot {
		return map[string]any{"note": fmt.Sprintf("%d bytes, too large for the audit log", len(raw))}
	}
	return state
}

func plainValue(v reflect.Value) any {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Struct:
		if at, ok := v.Interface().(time.Time); ok {
			return at.UTC().Format(time.RFC3339Nano)
		}
		return plainStruct(v)
	case reflect.Map:
		out := make(map[string]any, v.Len())
		for _, key := range v.MapKeys() {
			name := fmt.Sprint(key.Interface())
			out[name] = shown(name, v.MapIndex(key))
		}
		return out
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return hidden // bytes are ciphertexts or worse
		}
		out := make([]any, 0, v.Len())
		for i := range v.Len() {
			out = append(out, plainValue(v.Index(i)))
		}
		return out
	case reflect.Invalid, reflect.Func, reflect.Chan:
		return nil
	}
	return v.Interface()
}

// plainStruct leaves out what is empty, so that entries stay readable. The
// value of a struct that says that it is a secret is one.
func plainStruct(v reflect.Value) map[string]any {
	secret := false
	if f := v.FieldByName("IsSecret"); f.IsValid() && f.Kind() == reflect.Bool {
		secret = f.Bool()
	}
	out := map[string]any{}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || v.Field(i).IsZero() || field.Name == "Version" && field.Type.Kind() == reflect.Int64 {
			continue
		}
		if field.Anonymous {
			if inner, ok := plainValue(v.Field(i)).(map[string]any); ok {
				for name, value := range inner {
					out[name] = value
				}
			}
			continue
		}
		if secret && field.Name == "Value" {
			out["value"] = hidden
			continue
		}
		out[snakeCase(field.Name)] = shown(field.Name, v.Field(i))
	}
	return out
}

func shown(name string, v reflect.Value) any {
	plain := strings.ToLower(strings.NewReplacer("_", "", "-", "", ".", "").Replace(name))
	if secretNames[plain] {
		return hidden
	}
	return plainValue(v)
}

// snakeCase spells a field name as the API would: OrgID is org_id.
func snakeCase(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		startsWord := i > 0 && unicode.IsUpper(r) &&
			(unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if startsWord {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
