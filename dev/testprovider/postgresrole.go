package main

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// role is postgresql_role.
type role struct{ onServer }

type roleModel struct {
	ID       types.String `tfsdk:"id"`
	Name     types.String `tfsdk:"name"`
	Login    types.Bool   `tfsdk:"login"`
	Password types.String `tfsdk:"password"`
}

// Metadata names the resource.
func (*role) Metadata(_ context.Context, _ resource.MetadataRequest, r *resource.MetadataResponse) {
	r.TypeName = "postgresql_role"
}

// Schema says what a role has.
func (*role) Schema(_ context.Context, _ resource.SchemaRequest, r *resource.SchemaResponse) {
	r.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":       computedID(),
		"name":     fixedName(),
		"login":    schema.BoolAttribute{Optional: true},
		"password": schema.StringAttribute{Optional: true, Sensitive: true},
	}}
}

func computedID() schema.StringAttribute {
	return schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}}
}

func fixedName() schema.StringAttribute {
	return schema.StringAttribute{Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}}
}

func (m roleModel) options() string {
	out := " NOLOGIN"
	if m.Login.ValueBool() {
		out = " LOGIN"
	}
	if !m.Password.IsNull() {
		out += " PASSWORD '" + strings.ReplaceAll(m.Password.ValueString(), "'", "''") + "'"
	}
	return out
}

// Create makes the role.
func (r *role) Create(ctx context.Context, q resource.CreateRequest, a *resource.CreateResponse) {
	var m roleModel
	a.Diagnostics.Append(q.Plan.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	if err := r.server.execute(context.WithoutCancel(ctx), "CREATE ROLE "+identifier(m.Name.ValueString())+m.options()); err != nil {
		a.Diagnostics.AddError("The role was not created", err.Error())
		return
	}
	m.ID = m.Name
	a.Diagnostics.Append(a.State.Set(ctx, &m)...)
}

// Read refreshes the role; one that is gone leaves the state.
func (r *role) Read(ctx context.Context, q resource.ReadRequest, a *resource.ReadResponse) {
	var m roleModel
	a.Diagnostics.Append(q.State.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	there, err := r.server.exists(ctx, "SELECT 1 FROM pg_roles WHERE rolname = $1", m.ID.ValueString())
	switch {
	case err != nil:
		a.Diagnostics.AddError("The role was not read", err.Error())
	case !there:
		a.State.RemoveResource(ctx)
	default:
		m.Name = m.ID
		a.Diagnostics.Append(a.State.Set(ctx, &m)...)
	}
}

// Update changes login and password.
func (r *role) Update(ctx context.Context, q resource.UpdateRequest, a *resource.UpdateResponse) {
	var m roleModel
	a.Diagnostics.Append(q.Plan.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	if err := r.server.execute(context.WithoutCancel(ctx), "ALTER ROLE "+identifier(m.Name.ValueString())+m.options()); err != nil {
		a.Diagnostics.AddError("The role was not changed", err.Error())
		return
	}
	a.Diagnostics.Append(a.State.Set(ctx, &m)...)
}

// Delete drops the role, and gives what it owns to who drops it.
func (r *role) Delete(ctx context.Context, q resource.DeleteRequest, a *resource.DeleteResponse) {
	var m roleModel
	a.Diagnostics.Append(q.State.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	name := identifier(m.ID.ValueString())
	if err := r.server.execute(context.WithoutCancel(ctx), "REASSIGN OWNED BY "+name+" TO CURRENT_USER", "DROP OWNED BY "+name, "DROP ROLE "+name); err != nil {
		a.Diagnostics.AddError("The role was not dropped", err.Error())
	}
}

// ImportState takes a role over by its name.
func (*role) ImportState(ctx context.Context, q resource.ImportStateRequest, a *resource.ImportStateResponse) {
	resource.ImportStatePassthroughID(ctx, path.Root("id"), q, a)
}
