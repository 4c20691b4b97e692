package main

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// grant is postgresql_grant for object_type "database": the role has these
// privileges on the database and no others.
type grant struct{ onServer }

type grantModel struct {
	ID         types.String `tfsdk:"id"`
	Database   types.String `tfsdk:"database"`
	Role       types.String `tfsdk:"role"`
	ObjectType types.String `tfsdk:"object_type"`
	Privileges types.Set    `tfsdk:"privileges"`
}

// Metadata names the resource.
func (*grant) Metadata(_ context.Context, _ resource.MetadataRequest, r *resource.MetadataResponse) {
	r.TypeName = "postgresql_grant"
}

// Schema says what a grant has.
func (*grant) Schema(_ context.Context, _ resource.SchemaRequest, r *resource.SchemaResponse) {
	r.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id": computedID(), "database": fixedName(), "role": fixedName(), "object_type": fixedName(),
		"privileges": schema.SetAttribute{Required: true, ElementType: types.StringType,
			PlanModifiers: []planmodifier.Set{setplanmodifier.RequiresReplace()}},
	}}
}

func (m grantModel) revoke() string {
	return "REVOKE ALL ON DATABASE " + identifier(m.Database.ValueString()) + " FROM " + m.grantee()
}

// grantee is the role; "public" stands for everybody, as in PostgreSQL.
func (m grantModel) grantee() string {
	if m.Role.ValueString() == "public" {
		return "PUBLIC"
	}
	return identifier(m.Role.ValueString())
}

// Create revokes everything and grants what is listed.
func (g *grant) Create(ctx context.Context, q resource.CreateRequest, a *resource.CreateResponse) {
	var m grantModel
	var privileges []string
	a.Diagnostics.Append(q.Plan.Get(ctx, &m)...)
	a.Diagnostics.Append(m.Privileges.ElementsAs(ctx, &privileges, false)...)
	if a.Diagnostics.HasError() {
		return
	}
	if m.ObjectType.ValueString() != "database" {
		a.Diagnostics.AddError("The privileges were not granted", "this stand-in knows the object type database only")
		return
	}
	statements := []string{m.revoke()}
	if len(privileges) > 0 {
		statements = append(statements, "GRANT "+strings.Join(privileges, ", ")+" ON DATABASE "+identifier(m.Database.ValueString())+" TO "+m.grantee())
	}
	if err := g.server.execute(context.WithoutCancel(ctx), statements...); err != nil {
		a.Diagnostics.AddError("The privileges were not granted", err.Error())
		return
	}
	m.ID = types.StringValue(m.Role.ValueString() + "_" + m.Database.ValueString() + "_database")
	a.Diagnostics.Append(a.State.Set(ctx, &m)...)
}

// Read drops the grant from the state when its database is gone.
func (g *grant) Read(ctx context.Context, q resource.ReadRequest, a *resource.ReadResponse) {
	var m grantModel
	a.Diagnostics.Append(q.State.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	there, err := g.server.exists(ctx, "SELECT 1 FROM pg_database WHERE datname = $1", m.Database.ValueString())
	switch {
	case err != nil:
		a.Diagnostics.AddError("The privileges were not read", err.Error())
	case !there:
		a.State.RemoveResource(ctx)
	}
}

// Update never comes: every change is a new grant.
func (*grant) Update(_ context.Context, q resource.UpdateRequest, a *resource.UpdateResponse) {
	a.State.Raw = q.Plan.Raw
}

// Delete revokes what was granted.
func (g *grant) Delete(ctx context.Context, q resource.DeleteRequest, a *resource.DeleteResponse) {
	var m grantModel
	a.Diagnostics.Append(q.State.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	if err := g.server.execute(context.WithoutCancel(ctx), m.revoke()); err != nil {
		a.Diagnostics.AddError("The privileges were not revoked", err.Error())
	}
}
