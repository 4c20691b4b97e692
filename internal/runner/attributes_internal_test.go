package runner

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
)

func TestAttributes(t *testing.T) {
	t.Parallel()
	type object = map[string]any
	type list = []any
	at := func(paths ...string) (out []drivers.Attribute) {
		for _, p := range paths {
			path, secret := strings.CutSuffix(p, "!")
			out = append(out, drivers.Attribute{Path: path, Sensitive: secret})
		}
		return out
	}
	for name, c := range map[string]struct {
		before, after, markBefore, markAfter any
		want                                 []drivers.Attribute
	}{
		"equal":                     {object{"a": 1.0}, object{"a": 1.0}, nil, nil, nil},
		"only a mark":               {object{"a": 1.0}, object{"a": 1.0}, object{"a": true}, object{}, nil},
		"changed, come and gone":    {object{"a": 1.0, "b": 1.0}, object{"a": 2.0, "c": 1.0}, nil, nil, at("/a", "/b", "/c")},
		"a key of a map":            {object{"tags": object{"a/b~": "1"}}, object{"tags": object{"a/b~": "2"}}, nil, nil, at("/tags/a~1b~0")},
		"a map that was null":       {object{"tags": nil}, object{"tags": object{"a": "1"}}, nil, nil, at("/tags")},
		"blocks":                    {object{"disk": list{object{"size": 1.0}}}, object{"disk": list{object{"size": 2.0}}}, nil, nil, at("/disk/0/size")},
		"more blocks":               {object{"disk": list{object{"size": 1.0}}}, object{"disk": list{}}, nil, nil, at("/disk")},
		"a list of texts":           {object{"l": list{"a"}}, object{"l": list{"b"}}, nil, nil, at("/l")},
		"sensitive":                 {object{"p": "1"}, object{"p": "2"}, object{"p": true}, object{}, at("/p!")},
		"sensitive now":             {object{"p": "1"}, object{"p": "2"}, object{}, object{"p": true}, at("/p!")},
		"nothing below a sensitive": {object{"p": object{"k": "1"}}, object{"p": object{"k": "2"}}, object{"p": true}, nil, at("/p!")},
		"sensitive in a block": {
			object{"d": list{object{"k": "1", "n": 1.0}}}, object{"d": list{object{"k": "2", "n": 2.0}}}, object{"d": list{object{"k": true}}}, nil, at("/d/0/k!", "/d/0/n"),
		},
		"sensitive in a list that is named whole": {object{"d": list{"1", "2"}}, object{"d": list{"1"}}, object{"d": list{false, true}}, nil, at("/d!")},
		"a hidden key": {object{"m": object{"s3cret": 1.0}}, object{"m": object{"s3cret": 2.0}}, nil, nil, at("/m/***")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := &attributes{hide: strings.NewReplacer("s3cret", "***").Replace}
			a.walk("", c.before, c.after, c.markBefore, c.markAfter)
			require.Equal(t, c.want, a.sorted())
		})
	}
	many := object{}
	for i := range 3 * drivers.MaxDriftAttributes {
		many[strconv.Itoa(i)] = i
	}
	a := &attributes{hide: strings.ToLower}
	a.walk("", object{}, many, nil, nil)
	require.Len(t, a.sorted(), drivers.MaxDriftAttributes)
}
