package client

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadFrames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"one":              {"id: 1\nevent: x\ndata: a\n\n", []string{"a"}},
		"several lines":    {"data: a\ndata:b\n\n", []string{"a\nb"}},
		"comments":         {": alive\n\ndata: a\n: in between\n\n", []string{"a"}},
		"without data":     {"id: 1\n\ndata: a\n\n", []string{"a"}},
		"CRLF":             {"data: a\r\n\r\n", []string{"a"}},
		"cut off":          {"data: a\n\ndata: b\n", []string{"a"}},
		"no colon":         {"data\n\n", []string{""}},
		"colons in data":   {"data: {\"a\": \"b:c\"}\n\n", []string{`{"a": "b:c"}`}},
		"nothing":          {"", nil},
		"one space is cut": {"data:  a\n\n", []string{" a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			require.NoError(t, readFrames(strings.NewReader(c.in), func(f Frame) error {
				got = append(got, string(f.Data))
				return nil
			}))
			require.Equal(t, c.want, got)
		})
	}
}

func TestReadFramesIsBounded(t *testing.T) {
	t.Parallel()
	line := "data: " + strings.Repeat("x", maxEvent/4) + "\n"
	require.Error(t, readFrames(strings.NewReader(strings.Repeat(line, 8)), func(Frame) error { return nil }))
	require.Error(t, readFrames(strings.NewReader("data: "+strings.Repeat("x", 2*maxEvent)), func(Frame) error { return nil }))
}

func FuzzReadFrames(f *testing.F) {
	f.Add("data: a\n\n: b\n\ndata\ndata:\n\n")
	f.Fuzz(func(t *testing.T, in string) {
		_ = readFrames(strings.NewReader(in), func(frame Frame) error {
			require.LessOrEqual(t, len(frame.Data), len(in))
			return nil
		})
	})
}
