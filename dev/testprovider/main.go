// Command terraform-provider-slipwaytest holds the Terraform providers of the
// tests; the name it is called by says which one it is.
//
//   - slipwaytest: slipwaytest_record is a record of an HTTP service that counts
//     what is created and can be slow, fail or lie.
//   - postgresql and random stand in for the public providers
//     cyrilgdn/postgresql and hashicorp/random, as tests reach no registry. They
//     have the few resources and attributes that examples/ uses, under the same
//     names, and make real roles and databases.
//
// They are served from a filesystem mirror and are of no use outside tests.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

// served is a provider and its source in a configuration.
type served struct {
	address string
	make    func() provider.Provider
}

var providers = map[string]served{
	"slipwaytest": {"slipway.test/dev/slipwaytest", newProvider},
	"postgresql":  {"registry.terraform.io/cyrilgdn/postgresql", newPostgres},
	"random":      {"registry.terraform.io/hashicorp/random", newRandom},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves the provider that the file is named after: terraform-provider-NAME_vVERSION.
func run() error {
	name, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(os.Args[0]), "terraform-provider-"), "_")
	p, found := providers[name]
	if !found {
		return fmt.Errorf("there is no provider %q; see the mirror that internal/runner/recordtest makes", name)
	}
	return providerserver.Serve(context.Background(), p.make, providerserver.ServeOpts{Address: p.address})
}
