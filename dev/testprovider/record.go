package main

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// record is one record of the service; a change of its name replaces it.
type record struct{ client *client }

type recordModel struct {
	ID     types.String `tfsdk:"id"`
	Name   types.String `tfsdk:"name"`
	Value  types.String `tfsdk:"value"`
	Secret types.String `tfsdk:"secret"`
}

// Metadata names the resource.
func (*record) Metadata(_ context.Context, _ resource.MetadataRequest, r *resource.MetadataResponse) {
	r.TypeName = "slipwaytest_record"
}

// Schema says what a record holds.
func (*record) Schema(_ context.Context, _ resource.SchemaRequest, r *resource.SchemaResponse) {
	r.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
		"name": schema.StringAttribute{Required: true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}},
		"value":  schema.StringAttribute{Optional: true},
		"secret": schema.StringAttribute{Optional: true, Sensitive: true},
	}}
}

// Configure takes the client from the provider.
func (r *record) Configure(_ context.Context, q resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	if c, ok := q.ProviderData.(*client); ok {
		r.client = c
	}
}

// Create makes a record. It does not stop halfway when Terraform is
// interrupted: the service would have the record and nobody its id.
func (r *record) Create(ctx context.Context, q resource.CreateRequest, a *resource.CreateResponse) {
	var m recordModel
	a.Diagnostics.Append(q.Plan.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	made, err := r.client.create(context.WithoutCancel(ctx), m.Name.ValueString(), m.Value.ValueString())
	if err != nil {
		a.Diagnostics.AddError("The record was not created", err.Error())
		return
	}
	m.ID = types.StringValue(made.ID)
	if made.Value != m.Value.ValueString() {
		m.Value = types.StringValue(made.Value) // what the service says counts, also where it is not what was planned
	}
	a.Diagnostics.Append(a.State.Set(ctx, &m)...)
}

// Read refreshes a record; one that is gone leaves the state.
func (r *record) Read(ctx context.Context, q resource.ReadRequest, a *resource.ReadResponse) {
	var m recordModel
	a.Diagnostics.Append(q.State.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	found, err := r.client.get(ctx, m.ID.ValueString())
	if errors.Is(err, errGone) {
		a.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		a.Diagnostics.AddError("The record was not read", err.Error())
		return
	}
	m.Name = types.StringValue(found.Name)
	if found.Value != "" || !m.Value.IsNull() {
		m.Value = types.StringValue(found.Value)
	}
	a.Diagnostics.Append(a.State.Set(ctx, &m)...)
}

// Update changes the value.
func (r *record) Update(ctx context.Context, q resource.UpdateRequest, a *resource.UpdateResponse) {
	var m recordModel
	a.Diagnostics.Append(q.Plan.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	if err := r.client.update(context.WithoutCancel(ctx), m.ID.ValueString(), m.Value.ValueString()); err != nil {
		a.Diagnostics.AddError("The record was not changed", err.Error())
		return
	}
	a.Diagnostics.Append(a.State.Set(ctx, &m)...)
}

// Delete removes the record.
func (r *record) Delete(ctx context.Context, q resource.DeleteRequest, a *resource.DeleteResponse) {
	var m recordModel
	a.Diagnostics.Append(q.State.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	if err := r.client.remove(context.WithoutCancel(ctx), m.ID.ValueString()); err != nil && !errors.Is(err, errGone) {
		a.Diagnostics.AddError("The record was not deleted", err.Error())
	}
}

// ImportState takes a record over by its id.
func (*record) ImportState(ctx context.Context, q resource.ImportStateRequest, a *resource.ImportStateResponse) {
	resource.ImportStatePassthroughID(ctx, path.Root("id"), q, a)
}
