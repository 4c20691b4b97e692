package main

import (
	"context"
	"crypto/rand"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// randomProvider stands in for hashicorp/random.
type randomProvider struct{}

func newRandom() provider.Provider { return randomProvider{} }

// Metadata names the provider.
func (randomProvider) Metadata(_ context.Context, _ provider.MetadataRequest, r *provider.MetadataResponse) {
	r.TypeName, r.Version = "random", "3.7.2"
}

// Schema takes nothing.
func (randomProvider) Schema(_ context.Context, _ provider.SchemaRequest, r *provider.SchemaResponse) {
	r.Schema = schema.Schema{}
}

// Configure has nothing to do.
func (randomProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

// Resources lists random_password.
func (randomProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return password{} }}
}

// DataSources lists none.
func (randomProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

// password is drawn once and kept in the state.
type password struct{}

type passwordModel struct {
	ID      types.String `tfsdk:"id"`
	Length  types.Int64  `tfsdk:"length"`
	Special types.Bool   `tfsdk:"special"`
	Result  types.String `tfsdk:"result"`
}

// Metadata names the resource.
func (password) Metadata(_ context.Context, _ resource.MetadataRequest, r *resource.MetadataResponse) {
	r.TypeName = "random_password"
}

// Schema says what a password is made of.
func (password) Schema(_ context.Context, _ resource.SchemaRequest, r *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	r.Schema = resourceschema.Schema{Attributes: map[string]resourceschema.Attribute{
		"id":      resourceschema.StringAttribute{Computed: true, PlanModifiers: keep},
		"length":  resourceschema.Int64Attribute{Required: true, PlanModifiers: []planmodifier.Int64{int64planmodifier.RequiresReplace()}},
		"special": resourceschema.BoolAttribute{Optional: true, PlanModifiers: []planmodifier.Bool{boolplanmodifier.RequiresReplace()}},
		"result":  resourceschema.StringAttribute{Computed: true, Sensitive: true, PlanModifiers: keep},
	}}
}

const (
	plain   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	special = "!@#$%&*()-_=+[]{}<>:?"
)

// Create draws the password.
func (password) Create(ctx context.Context, q resource.CreateRequest, a *resource.CreateResponse) {
	var m passwordModel
	a.Diagnostics.Append(q.Plan.Get(ctx, &m)...)
	if a.Diagnostics.HasError() {
		return
	}
	letters := plain
	if m.Special.IsNull() || m.Special.ValueBool() {
		letters += special
	}
	drawn := make([]byte, m.Length.ValueInt64())
	for i := range drawn {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			a.Diagnostics.AddError("No password was drawn", err.Error())
			return
		}
		drawn[i] = letters[n.Int64()]
	}
	m.ID, m.Result = types.StringValue("none"), types.StringValue(string(drawn))
	a.Diagnostics.Append(a.State.Set(ctx, &m)...)
}

// Read has nothing to refresh.
func (password) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// Update never comes: every change draws anew.
func (password) Update(ctx context.Context, q resource.UpdateRequest, a *resource.UpdateResponse) {
	a.State.Raw = q.Plan.Raw
}

// Delete forgets.
func (password) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
