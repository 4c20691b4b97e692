package cli

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/drivers/conformance"
)

// driverTestFlags are the flags of `slipway driver test`.
type driverTestFlags struct {
	resourceType, inputs, update, bad, caFile string
	timeout, request                          time.Duration
}

func (a *app) driverCommand() *cobra.Command {
	var f driverTestFlags
	test := &cobra.Command{
		Use: "test URL", Short: "Check somebody's Resource Driver against the driver contract", Args: args("URL"),
		Long: "Creates, updates and deletes resources at a driver that speaks the driver contract over HTTP, and does to it what a crash\n" +
			"or a network will do one day. URL is what the driver would be registered with. Files hold {resource, values, secrets} as\n" +
			"JSON or YAML. What is created is deleted again; use a driver that is not in production. Fails when a check fails.",
		Example: "  slipway driver test http://127.0.0.1:9090 --type s3 --inputs inputs.yaml --update other.yaml --bad wrong.yaml",
		RunE: func(cmd *cobra.Command, given []string) error {
			o, err := a.driverTestOptions(given[0], f)
			if err != nil {
				return err
			}
			if _, err := a.form(); err != nil {
				return err
			}
			report := conformance.Run(cmd.Context(), o)
			if err := a.showObject(report, func() error { return a.print(reportTable(report)) }); err != nil {
				return err
			}
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			failed := report.Count(conformance.Fail)
			a.say("%d passed, %d failed, %d with a warning, %d not tested",
				report.Count(conformance.Pass), failed, report.Count(conformance.Warn), report.Count(conformance.Skip))
			if failed > 0 {
				return fmt.Errorf("%d of %d checks failed", failed, len(report.Checks))
			}
			return nil
		},
	}
	flags := test.Flags()
	flags.StringVar(&f.resourceType, "type", "s3", "Resource Type to ask for")
	flags.StringVar(&f.inputs, "inputs", "", "file with good inputs; empty sends none")
	flags.StringVar(&f.update, "update", "", "file with other good inputs; empty leaves updates untested")
	flags.StringVar(&f.bad, "bad", "", "file with inputs that must be refused; empty leaves that untested")
	flags.StringVar(&f.caFile, "ca-file", "", "further certificate authorities, a PEM file")
	flags.DurationVar(&f.timeout, "work-timeout", 5*time.Minute, "how long one resource may take, 202 answers included")
	flags.DurationVar(&f.request, "request-timeout", time.Minute, "how long one request may take")
	return group("driver", "Work on Resource Drivers of your own", test)
}

func (a *app) driverTestOptions(target string, f driverTestFlags) (conformance.Options, error) {
	o := conformance.Options{URL: target, Type: f.resourceType, Timeout: f.timeout, Request: f.request}
	u, err := url.Parse(target)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return o, usagef("URL is the address of the driver, such as http://127.0.0.1:9090, got %q", target)
	}
	if f.inputs != "" {
		in, err := a.readInputs(f.inputs)
		if err != nil {
			return o, err
		}
		o.Inputs = *in
	}
	if f.update != "" {
		if o.Update, err = a.readInputs(f.update); err != nil {
			return o, err
		}
	}
	if f.bad != "" {
		if o.Bad, err = a.readInputs(f.bad); err != nil {
			return o, err
		}
	}
	if f.caFile == "" {
		return o, nil
	}
	pem, err := a.readFile(f.caFile)
	if err != nil {
		return o, err
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return o, fmt.Errorf("%s holds no certificate in PEM", f.caFile)
	}
	o.Transport = &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	return o, nil
}

func (a *app) readInputs(file string) (*conformance.Inputs, error) {
	raw, err := a.readFile(file)
	if err != nil {
		return nil, err
	}
	tree, err := plainYAML(raw)
	if err != nil {
		return nil, fmt.Errorf("%s is neither JSON nor YAML: %w", file, err)
	}
	plain, err := json.Marshal(tree)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var in conformance.Inputs
	decoder := json.NewDecoder(bytes.NewReader(plain))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		return nil, fmt.Errorf("%s: expected objects resource, values and secrets: %w", file, err)
	}
	return &in, nil
}

func reportTable(r conformance.Report) *table {
	t := newTable("CHECK", "STATUS", "EXPECTED", "GOT")
	for _, c := range r.Checks {
		t.add(c.ID, c.Status, c.Expect, c.Got)
	}
	return t
}
