// Command terraform-provider-slipwaytest is a Terraform provider for tests. Its
// one resource, slipwaytest_record, is a record of the HTTP service in package
// records, which counts what is created and can be slow, fail or lie. It is
// served from a filesystem mirror and is of no use outside tests.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

// address is the provider's source in a configuration: "slipway.test/dev/slipwaytest".
const address = "slipway.test/dev/slipwaytest"

func main() {
	if err := providerserver.Serve(context.Background(), newProvider, providerserver.ServeOpts{Address: address}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
