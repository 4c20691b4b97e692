package main

import (
	"context"
	"os"
	"sort"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// environment is a data source that shows what a provider can see of the
// process environment, so that tests can prove what is not in it.
type environment struct{}

type environmentModel struct {
	Names  []types.String `tfsdk:"names"`
	Values []types.String `tfsdk:"values"`
}

// Metadata names the data source.
func (environment) Metadata(_ context.Context, _ datasource.MetadataRequest, r *datasource.MetadataResponse) {
	r.TypeName = "slipwaytest_environment"
}

// Schema says what it gives.
func (environment) Schema(_ context.Context, _ datasource.SchemaRequest, r *datasource.SchemaResponse) {
	r.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"names":  schema.ListAttribute{Computed: true, ElementType: types.StringType},
		"values": schema.ListAttribute{Computed: true, ElementType: types.StringType},
	}}
}

// Read lists the variables, sorted by name.
func (environment) Read(ctx context.Context, _ datasource.ReadRequest, a *datasource.ReadResponse) {
	all := os.Environ()
	sort.Strings(all)
	var m environmentModel
	for _, entry := range all {
		name, value, _ := strings.Cut(entry, "=")
		m.Names = append(m.Names, types.StringValue(name))
		m.Values = append(m.Values, types.StringValue(value))
	}
	a.Diagnostics.Append(a.State.Set(ctx, &m)...)
}
