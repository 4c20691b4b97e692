package main

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
)

func TestParseOptions(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		args    []string
		want    func(*options)
		wantErr string
	}{
		"defaults": {
			want: func(*options) {},
		},
		"namespaces replace the default one": {
			args: []string{"--namespace", "a", "--namespace=b"},
			want: func(o *options) { o.namespaces = []string{"a", "b"} },
		},
		"search attributes": {
			args: []string{"--search-attribute", "Org=Keyword", "--search-attribute", "Started=Datetime"},
			want: func(o *options) {
				o.searchAttributes["Org"] = enumspb.INDEXED_VALUE_TYPE_KEYWORD
				o.searchAttributes["Started"] = enumspb.INDEXED_VALUE_TYPE_DATETIME
			},
		},
		"everything else": {
			args: []string{"--db", "x.db", "--ip", "0.0.0.0", "--port", "0", "--ui-port", "9", "--headless",
				"--log-level", "debug", "--pid-file", "p", "--ui-codec-endpoint", "http://c"},
			want: func(o *options) {
				o.db, o.ip, o.port, o.uiPort, o.headless = "x.db", "0.0.0.0", 0, 9, true
				o.logLevel, o.pidFile, o.uiCodecEndpoint = "debug", "p", "http://c"
			},
		},
		"empty namespace":              {args: []string{"--namespace", ""}, wantErr: "needs a name"},
		"attribute without type":       {args: []string{"--search-attribute", "Org"}, wantErr: "not NAME=TYPE"},
		"attribute of an unknown type": {args: []string{"--search-attribute", "Org=Keywords"}, wantErr: "use one of Text, Keyword"},
		"attribute of no type":         {args: []string{"--search-attribute", "Org=Unspecified"}, wantErr: "use one of Text, Keyword"},
		"unknown log level":            {args: []string{"--log-level", "loud"}, wantErr: "use debug, info, warn or error"},
		"host name as address":         {args: []string{"--ip", "localhost"}, wantErr: "not an IP address"},
		"port out of range":            {args: []string{"--port", "65536"}, wantErr: "--port 65536 is not a port"},
		"no database":                  {args: []string{"--db", ""}, wantErr: "--db is empty"},
		"stray argument":               {args: []string{"start"}, wantErr: `unexpected argument "start"`},
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
			want := &options{
				db: "temporal.db", ip: "127.0.0.1", port: 7233, uiPort: 8233, logLevel: "warn",
				namespaces: []string{"default"}, searchAttributes: map[string]enumspb.IndexedValueType{},
			}
			tc.want(want)
			require.Equal(t, want, got)
		})
	}
}
