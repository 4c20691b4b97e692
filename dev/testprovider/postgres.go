package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/jackc/pgx/v5"
)

// postgres stands in for cyrilgdn/postgresql.
type postgres struct{}

func newPostgres() provider.Provider { return postgres{} }

type postgresModel struct {
	Host      types.String `tfsdk:"host"`
	Port      types.Int64  `tfsdk:"port"`
	Username  types.String `tfsdk:"username"`
	Password  types.String `tfsdk:"password"`
	SSLMode   types.String `tfsdk:"sslmode"`
	Superuser types.Bool   `tfsdk:"superuser"`
}

// Metadata names the provider.
func (postgres) Metadata(_ context.Context, _ provider.MetadataRequest, r *provider.MetadataResponse) {
	r.TypeName, r.Version = "postgresql", "1.25.0"
}

// Schema says how to reach the server.
func (postgres) Schema(_ context.Context, _ provider.SchemaRequest, r *provider.SchemaResponse) {
	r.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"host":      schema.StringAttribute{Optional: true},
		"port":      schema.Int64Attribute{Optional: true},
		"username":  schema.StringAttribute{Optional: true},
		"password":  schema.StringAttribute{Optional: true, Sensitive: true},
		"sslmode":   schema.StringAttribute{Optional: true},
		"superuser": schema.BoolAttribute{Optional: true},
	}}
}

// Configure hands the server's address to the resources.
func (postgres) Configure(ctx context.Context, q provider.ConfigureRequest, r *provider.ConfigureResponse) {
	var m postgresModel
	r.Diagnostics.Append(q.Config.Get(ctx, &m)...)
	if r.Diagnostics.HasError() {
		return
	}
	dsn := url.URL{
		Scheme: "postgres", Host: m.Host.ValueString() + ":" + strconv.FormatInt(m.Port.ValueInt64(), 10), Path: "/postgres",
		User: url.UserPassword(m.Username.ValueString(), m.Password.ValueString()), RawQuery: "sslmode=" + m.SSLMode.ValueString(),
	}
	r.ResourceData = &server{dsn.String()}
}

// Resources lists role, database and grant.
func (postgres) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		func() resource.Resource { return &role{} },
		func() resource.Resource { return &database{} },
		func() resource.Resource { return &grant{} },
	}
}

// DataSources lists none.
func (postgres) DataSources(context.Context) []func() datasource.DataSource { return nil }

// server is the PostgreSQL server; a connection is made for each piece of work.
type server struct{ dsn string }

func (s *server) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, s.dsn)
	if err != nil {
		return nil, fmt.Errorf("connect to the PostgreSQL server: %w", err)
	}
	return conn, nil
}

// execute runs statements one after the other, each on its own.
func (s *server) execute(ctx context.Context, statements ...string) error {
	conn, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// exists reports whether the query has a row.
func (s *server) exists(ctx context.Context, query string, args ...any) (bool, error) {
	conn, err := s.connect(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = conn.Close(ctx) }()
	var one int
	err = conn.QueryRow(ctx, query, args...).Scan(&one)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func identifier(name string) string { return pgx.Identifier{name}.Sanitize() }

// onServer is what the resources have in common: the server.
type onServer struct{ server *server }

// Configure takes the server from the provider.
func (o *onServer) Configure(_ context.Context, q resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	if s, ok := q.ProviderData.(*server); ok {
		o.server = s
	}
}
