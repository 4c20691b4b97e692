package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// testProvider takes the address of the record service.
type testProvider struct{}

func newProvider() provider.Provider { return testProvider{} }

type providerModel struct {
	Endpoint types.String `tfsdk:"endpoint"`
}

// Metadata names the provider.
func (testProvider) Metadata(_ context.Context, _ provider.MetadataRequest, r *provider.MetadataResponse) {
	r.TypeName, r.Version = "slipwaytest", "1.0.0"
}

// Schema says what the provider block takes.
func (testProvider) Schema(_ context.Context, _ provider.SchemaRequest, r *provider.SchemaResponse) {
	r.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"endpoint": schema.StringAttribute{Required: true, Description: "address of the record service, such as http://127.0.0.1:8000"},
	}}
}

// Configure hands a client to the resources.
func (testProvider) Configure(ctx context.Context, q provider.ConfigureRequest, r *provider.ConfigureResponse) {
	var m providerModel
	r.Diagnostics.Append(q.Config.Get(ctx, &m)...)
	if r.Diagnostics.HasError() {
		return
	}
	c := &client{endpoint: m.Endpoint.ValueString()}
	r.ResourceData, r.DataSourceData = c, c
}

// Resources lists slipwaytest_record.
func (testProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &record{} }}
}

// DataSources lists slipwaytest_environment and slipwaytest_file.
func (testProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return environment{} }, func() datasource.DataSource { return file{} }}
}
