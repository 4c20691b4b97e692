package kubernetes

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTail(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", logBytes)
	for name, tc := range map[string]struct {
		log  string
		want []string
	}{
		"nothing":                {"", nil},
		"line ends":              {"one\r\ntwo\r\n", []string{"one", "two"}},
		"what steers a terminal": {"\x1b[31mred\x1b[0m\x07\tx", []string{"[31mred[0m x"}},
		"the last line is kept":  {long + "\nlast", []string{"last"}},
		"a line without end":     {long + "end", []string{long[3:] + "end"}},
		"the newest lines":       {strings.Repeat("old\n", 50) + strings.Repeat("new\n", logLines), strings.Split(strings.TrimSuffix(strings.Repeat("new\n", logLines), "\n"), "\n")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, tail(tc.log))
		})
	}
}

func TestSecretLines(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"-----BEGIN KEY-----", "MIIEvQIBADAN"}, secretLines([]string{"one line only", "-----BEGIN KEY-----\n  MIIEvQIBADAN\r\nshort\n"}))
}
