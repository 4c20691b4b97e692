package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

	enumspb "go.temporal.io/api/enums/v1"
)

// options is what the command line says.
type options struct {
	db               string
	ip               string
	port             int
	uiPort           int
	headless         bool
	namespaces       []string
	searchAttributes map[string]enumspb.IndexedValueType
	logLevel         string
	pidFile          string
	uiCodecEndpoint  string
}

// parseOptions reads the command line; usage and flag errors are written to out. It returns flag.ErrHelp for -h.
func parseOptions(args []string, out io.Writer) (*options, error) {
	opts := &options{searchAttributes: map[string]enumspb.IndexedValueType{}}
	fs := flag.NewFlagSet("temporal", flag.ContinueOnError)
	fs.SetOutput(out)
	fs.StringVar(&opts.db, "db", "temporal.db", "SQLite `file` that holds all state; created when it is missing")
	fs.StringVar(&opts.ip, "ip", "127.0.0.1", "`address` to listen on")
	fs.IntVar(&opts.port, "port", 7233, "gRPC `port` of the frontend; 0 takes a free one")
	fs.IntVar(&opts.uiPort, "ui-port", 8233, "HTTP `port` of the Web UI; 0 takes a free one")
	fs.BoolVar(&opts.headless, "headless", false, "do not start the Web UI")
	fs.Func("namespace", "`name` of a namespace to have; may be repeated (default \"default\")", opts.addNamespace)
	fs.Func("search-attribute", "`NAME=TYPE` of a search attribute that every such namespace is to have; may be repeated; types: "+
		strings.Join(searchAttributeTypes(), ", "), opts.addSearchAttribute)
	fs.StringVar(&opts.logLevel, "log-level", "warn", "debug, info, warn or error")
	fs.StringVar(&opts.pidFile, "pid-file", "", "`file` to hold the process id while the server is ready")
	fs.StringVar(&opts.uiCodecEndpoint, "ui-codec-endpoint", "", "`URL` at which the Web UI has payloads decoded")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	if fs.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	if len(opts.namespaces) == 0 {
		opts.namespaces = []string{"default"}
	}
	return opts, opts.validate()
}

func (o *options) validate() error {
	if o.db == "" {
		return errors.New("--db is empty: name the SQLite file")
	}
	if net.ParseIP(o.ip) == nil {
		return fmt.Errorf("--ip %q is not an IP address", o.ip)
	}
	for flagName, port := range map[string]int{"--port": o.port, "--ui-port": o.uiPort} {
		if port < 0 || port > 65535 {
			return fmt.Errorf("%s %d is not a port: use 0 to 65535", flagName, port)
		}
	}
	switch o.logLevel {
	case "debug", "info", "warn", "error":
		return nil
	}
	return fmt.Errorf("--log-level %q is unknown: use debug, info, warn or error", o.logLevel)
}

func (o *options) addNamespace(name string) error {
	if name == "" {
		return errors.New("a namespace needs a name")
	}
	o.namespaces = append(o.namespaces, name)
	return nil
}

func (o *options) addSearchAttribute(text string) error {
	name, typeName, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return fmt.Errorf("%q is not NAME=TYPE", text)
	}
	// The shorthand map accepts the names that Temporal's own tools use ("Keyword", "KeywordList").
	value, err := enumspb.IndexedValueTypeFromString(typeName)
	if err != nil || value == enumspb.INDEXED_VALUE_TYPE_UNSPECIFIED {
		return fmt.Errorf("%q is no search attribute type: use one of %s", typeName, strings.Join(searchAttributeTypes(), ", "))
	}
	o.searchAttributes[name] = value
	return nil
}

// searchAttributeTypes lists the type names that a search attribute may have.
func searchAttributeTypes() []string {
	return []string{"Text", "Keyword", "Int", "Double", "Bool", "Datetime", "KeywordList"}
}

func (o *options) frontendAddress() string { return net.JoinHostPort(o.dialIP(), strconv.Itoa(o.port)) }
func (o *options) uiAddress() string       { return net.JoinHostPort(o.dialIP(), strconv.Itoa(o.uiPort)) }

// dialIP is the address under which this machine reaches itself: a wildcard can be listened on, not dialled.
func (o *options) dialIP() string {
	if !net.ParseIP(o.ip).IsUnspecified() {
		return o.ip
	}
	if strings.Contains(o.ip, ":") {
		return "::1"
	}
	return "127.0.0.1"
}
