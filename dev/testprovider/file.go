package main

import (
	"context"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// file is a data source that writes a file while it is read, as those do that
// pack an archive.
type file struct{}

type fileModel struct {
	Path    types.String `tfsdk:"path"`
	Content types.String `tfsdk:"content"`
}

// Metadata names the data source.
func (file) Metadata(_ context.Context, _ datasource.MetadataRequest, r *datasource.MetadataResponse) {
	r.TypeName = "slipwaytest_file"
}

// Schema says what it takes.
func (file) Schema(_ context.Context, _ datasource.SchemaRequest, r *datasource.SchemaResponse) {
	r.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"path":    schema.StringAttribute{Required: true, Description: "relative to the folder in which Terraform runs"},
		"content": schema.StringAttribute{Required: true},
	}}
}

// Read writes the file.
func (file) Read(ctx context.Context, q datasource.ReadRequest, a *datasource.ReadResponse) {
	var m fileModel
	a.Diagnostics.Append(q.Config.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	if err := os.WriteFile(m.Path.ValueString(), []byte(m.Content.ValueString()), 0o600); err != nil {
		a.Diagnostics.AddError("The file was not written", err.Error())
		return
	}
	a.Diagnostics.Append(a.State.Set(ctx, &m)...)
}
