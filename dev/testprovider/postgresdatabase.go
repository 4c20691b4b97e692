package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// database is postgresql_database.
type database struct{ onServer }

type databaseModel struct {
	ID    types.String `tfsdk:"id"`
	Name  types.String `tfsdk:"name"`
	Owner types.String `tfsdk:"owner"`
}

// Metadata names the resource.
func (*database) Metadata(_ context.Context, _ resource.MetadataRequest, r *resource.MetadataResponse) {
	r.TypeName = "postgresql_database"
}

// Schema says what a database has.
func (*database) Schema(_ context.Context, _ resource.SchemaRequest, r *resource.SchemaResponse) {
	r.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id": computedID(), "name": fixedName(), "owner": schema.StringAttribute{Optional: true},
	}}
}

// Create makes the database.
func (d *database) Create(ctx context.Context, q resource.CreateRequest, a *resource.CreateResponse) {
	var m databaseModel
	a.Diagnostics.Append(q.Plan.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	statement := "CREATE DATABASE " + identifier(m.Name.ValueString())
	if !m.Owner.IsNull() {
		statement += " OWNER " + identifier(m.Owner.ValueString())
	}
	if err := d.server.execute(context.WithoutCancel(ctx), statement); err != nil {
		a.Diagnostics.AddError("The database was not created", err.Error())
		return
	}
	m.ID = m.Name
	a.Diagnostics.Append(a.State.Set(ctx, &m)...)
}

// Read refreshes the database; one that is gone leaves the state.
func (d *database) Read(ctx context.Context, q resource.ReadRequest, a *resource.ReadResponse) {
	var m databaseModel
	a.Diagnostics.Append(q.State.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	there, err := d.server.exists(ctx, "SELECT 1 FROM pg_database WHERE datname = $1", m.ID.ValueString())
	switch {
	case err != nil:
		a.Diagnostics.AddError("The database was not read", err.Error())
	case !there:
		a.State.RemoveResource(ctx)
	default:
		m.Name = m.ID
		a.Diagnostics.Append(a.State.Set(ctx, &m)...)
	}
}

// Update changes the owner.
func (d *database) Update(ctx context.Context, q resource.UpdateRequest, a *resource.UpdateResponse) {
	var m databaseModel
	a.Diagnostics.Append(q.Plan.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	statement := "ALTER DATABASE " + identifier(m.Name.ValueString()) + " OWNER TO " + identifier(m.Owner.ValueString())
	if err := d.server.execute(context.WithoutCancel(ctx), statement); err != nil {
		a.Diagnostics.AddError("The database was not changed", err.Error())
		return
	}
	a.Diagnostics.Append(a.State.Set(ctx, &m)...)
}

// Delete drops the database, whoever is connected to it.
func (d *database) Delete(ctx context.Context, q resource.DeleteRequest, a *resource.DeleteResponse) {
	var m databaseModel
	a.Diagnostics.Append(q.State.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	if err := d.server.execute(context.WithoutCancel(ctx), "DROP DATABASE "+identifier(m.ID.ValueString())+" WITH (FORCE)"); err != nil {
		a.Diagnostics.AddError("The database was not dropped", err.Error())
	}
}

// ImportState takes a database over by its name.
func (*database) ImportState(ctx context.Context, q resource.ImportStateRequest, a *resource.ImportStateResponse) {
	resource.ImportStatePassthroughID(ctx, path.Root("id"), q, a)
}
