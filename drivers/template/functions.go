package template

import (
	"errors"
	"fmt"
	"reflect"
	"sort"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

// allowed lists the Sprig functions that templates may use. It is a list of
// what is in rather than of what is out, so that a new release of Sprig adds nothing
// unseen. Missing on purpose: env and expandenv (the process is not the
// template's business), getHostByName (network).
var allowed = []string{
	// dates
	"ago", "date", "dateInZone", "dateModify", "date_in_zone", "date_modify", "duration", "durationRound",
	"htmlDate", "htmlDateInZone", "mustDateModify", "mustToDate", "must_date_modify", "now", "toDate", "unixEpoch",
	// strings
	"abbrev", "abbrevboth", "camelcase", "cat", "contains", "hasPrefix", "hasSuffix", "hello", "indent", "initials",
	"kebabcase", "lower", "nindent", "nospace", "plural", "quote", "randAlpha", "randAlphaNum", "randAscii",
	"randNumeric", "repeat", "replace", "shuffle", "snakecase", "squote", "substr", "swapcase", "title", "toString",
	"toStrings", "trim", "trimAll", "trimPrefix", "trimSuffix", "trimall", "trunc", "untitle", "upper", "wrap", "wrapWith",
	"split", "splitList", "splitn", "join", "sortAlpha", "adler32sum", "sha1sum", "sha256sum", "sha512sum",
	// numbers
	"add", "add1", "add1f", "addf", "atoi", "biggest", "ceil", "div", "divf", "float64", "floor", "int", "int64", "max", "maxf",
	"min", "minf", "mod", "mul", "mulf", "randInt", "round", "seq", "sub", "subf", "toDecimal", "until", "untilStep",
	// lists
	"append", "chunk", "compact", "concat", "first", "has", "initial", "last", "list", "mustAppend", "mustChunk",
	"mustCompact", "mustFirst", "mustHas", "mustInitial", "mustLast", "mustPrepend", "mustPush", "mustRest",
	"mustReverse", "mustSlice", "mustUniq", "mustWithout", "prepend", "push", "rest", "reverse", "slice", "tuple",
	"uniq", "without",
	// dictionaries
	"deepCopy", "deepEqual", "dict", "dig", "get", "hasKey", "keys", "merge", "mergeOverwrite", "mustDeepCopy", "mustMerge",
	"mustMergeOverwrite", "omit", "pick", "pluck", "set", "unset", "values",
	// defaults, JSON, types
	"all", "any", "coalesce", "default", "empty", "fail", "fromJson", "kindIs", "kindOf", "mustFromJson", "mustToJson",
	"mustToPrettyJson", "mustToRawJson", "ternary", "toJson", "toPrettyJson", "toRawJson", "typeIs", "typeIsLike", "typeOf",
	// paths and encodings
	"base", "clean", "dir", "ext", "isAbs", "osBase", "osClean", "osDir", "osExt", "osIsAbs",
	"b32dec", "b32enc", "b64dec", "b64enc",
	// cryptography
	"bcrypt", "buildCustomCert", "decryptAES", "derivePassword", "encryptAES", "genCA", "genCAWithKey", "genPrivateKey",
	"genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey", "htpasswd", "randBytes", "uuidv4",
	// versions, patterns, addresses
	"semver", "semverCompare", "mustRegexFind", "mustRegexFindAll", "mustRegexMatch", "mustRegexReplaceAll",
	"mustRegexReplaceAllLiteral", "mustRegexSplit", "regexFind", "regexFindAll", "regexMatch", "regexQuoteMeta",
	"regexReplaceAll", "regexReplaceAllLiteral", "regexSplit", "urlJoin", "urlParse",
}

// failure is what the fail function raises: its message is the error.
type failure struct{ message string }

func (f *failure) Error() string { return f.message }

// functions gives the function map of one run, every function under the run's budget.
func (b *budget) functions() template.FuncMap {
	all := sprig.TxtFuncMap()
	out := make(template.FuncMap, len(allowed)+8)
	for _, name := range allowed {
		if fn, ok := all[name]; ok {
			out[name] = b.guard(name, fn)
		}
	}
	for name, fn := range replacements() {
		out[name] = b.guard(name, fn)
	}
	out[stepFunction] = func() (string, error) { return "", b.step() }
	return out
}

// replacements are functions whose usual version is not fit: keys and values
// come in random order there, which would make two runs differ; fail is turned into a
// message of its own; the printing functions of text/template know no limit.
func replacements() template.FuncMap {
	return template.FuncMap{
		"fail":    func(message string) (string, error) { return "", &failure{message} },
		"keys":    sortedKeys,
		"values":  sortedValues,
		"print":   fmt.Sprint,
		"printf":  printf,
		"println": fmt.Sprintln,
	}
}

func sortedKeys(dicts ...map[string]any) []string {
	out := []string{}
	for _, d := range dicts {
		names := make([]string, 0, len(d))
		for k := range d {
			names = append(names, k)
		}
		sort.Strings(names)
		out = append(out, names...)
	}
	return out
}

func sortedValues(dict map[string]any) []any {
	out := make([]any, 0, len(dict))
	for _, k := range sortedKeys(dict) {
		out = append(out, dict[k])
	}
	return out
}

var errorType = reflect.TypeOf((*error)(nil)).Elem()

// guard wraps a function: it counts a step, refuses arguments that would make too much,
// and measures what came out. The wrapper has the same parameters, so that text/template
// checks and converts arguments as it would for the original.
func (b *budget) guard(name string, fn any) any {
	f := reflect.ValueOf(fn)
	t := f.Type()
	in := make([]reflect.Type, t.NumIn())
	for i := range in {
		in[i] = t.In(i)
	}
	result := t.Out(0)
	wrapper := reflect.FuncOf(in, []reflect.Type{result, errorType}, t.IsVariadic())
	answer := func(v reflect.Value, err error) []reflect.Value {
		if err == nil {
			return []reflect.Value{v, reflect.Zero(errorType)}
		}
		return []reflect.Value{reflect.Zero(result), reflect.ValueOf(&err).Elem()}
	}
	return reflect.MakeFunc(wrapper, func(args []reflect.Value) []reflect.Value {
		if err := errors.Join(b.step(), b.refuse(name, args)); err != nil {
			return answer(reflect.Value{}, err)
		}
		out := call(f, t.IsVariadic(), args)
		if len(out) == 2 && !out[1].IsNil() {
			err, _ := out[1].Interface().(error) // template functions return nothing else
			return answer(reflect.Value{}, err)
		}
		return answer(out[0], b.charge(name, out[0]))
	}).Interface()
}

func call(f reflect.Value, variadic bool, args []reflect.Value) []reflect.Value {
	if variadic {
		return f.CallSlice(args)
	}
	return f.Call(args)
}
