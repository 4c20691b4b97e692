package main

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseOptions(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		args    []string
		want    options
		wantErr string
	}{
		"defaults":        {args: []string{"--home", "/h"}, want: options{home: "/h", port: 6443, nodes: 2}},
		"everything":      {args: []string{"--home", "/h/", "--port", "0", "--nodes", "5"}, want: options{home: "/h", nodes: 5}},
		"no home":         {wantErr: "--home is empty"},
		"a port too high": {args: []string{"--home", "/h", "--port", "65536"}, wantErr: "--port 65536 is not a port"},
		"too many nodes":  {args: []string{"--home", "/h", "--nodes", "1001"}, wantErr: "use 0 to 1000"},
		"stray argument":  {args: []string{"--home", "/h", "start"}, wantErr: `unexpected argument "start"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseOptions(tc.args, io.Discard)
			if tc.wantErr != "" {
				require.ErrorContains(t, err, tc.wantErr)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tc.want, *got)
		})
	}
}
