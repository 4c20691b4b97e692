package orchestrator

import (
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/schema"
)

// AccountType describes the credentials of one kind of account.
type AccountType struct {
	Type          string
	Name          string
	InputsSchema  map[string]any // of what is stored
	OutputsSchema map[string]any // of what drivers get
	// identity names the fields that say whose account it is, and are no secret.
	identity []string
	// exchange says that a cloud exchanges the stored fields for credentials, which Slipway has done for clusters only.
	exchange bool
}

// accountTypes are the types that drivers of this release know, by id.
var accountTypes = []AccountType{
	newAccountType("aws", "AWS", []string{"aws_access_key_id", "aws_secret_access_key"}, nil, "aws_access_key_id"),
	exchanged(newAccountType("aws-role", "AWS role", []string{"aws_role"}, []string{"external_id"}, "aws_role")),
	newAccountType("azure", "Azure", []string{"appId", "password", "tenant"}, []string{"displayName"}, "appId", "tenant", "displayName"),
	exchanged(newAccountType("azure-identity", "Azure managed identity", []string{"azure_identity_client_id", "azure_identity_tenant_id"}, nil,
		"azure_identity_client_id", "azure_identity_tenant_id")),
	newAccountType("basic", "User and password", []string{"password", "username"}, nil, "username"),
	newAccountType("gcp", "GCP", []string{"client_email", "private_key"},
		[]string{"type", "project_id", "private_key_id", "client_id", "auth_uri", "token_uri", "auth_provider_x509_cert_url", "client_x509_cert_url", "universe_domain"},
		"client_email", "project_id"),
	exchanged(newAccountType("gcp-identity", "GCP workload identity", []string{"gcp_audience", "gcp_service_account"}, nil, "gcp_service_account")),
}

func newAccountType(id, name string, required, optional []string, identity ...string) AccountType {
	properties := map[string]any{}
	for _, field := range slices.Concat(required, optional) {
		properties[field] = map[string]any{"type": "string"}
	}
	for _, field := range required {
		properties[field] = map[string]any{"type": "string", "minLength": 1}
	}
	list := make([]any, 0, len(required))
	for _, field := range required {
		list = append(list, field)
	}
	inputs := map[string]any{"type": "object", "required": list, "properties": properties}
	outputs := map[string]any{"type": "object", "properties": properties}
	if id == "aws" {
		outputs = map[string]any{"type": "object", "properties": map[string]any{
			"aws_access_key_id": properties["aws_access_key_id"], "aws_secret_access_key": properties["aws_secret_access_key"],
			"AccessKeyId": properties["aws_access_key_id"], "SecretAccessKey": properties["aws_secret_access_key"],
		}}
	}
	return AccountType{Type: id, Name: name, InputsSchema: inputs, OutputsSchema: outputs, identity: identity}
}

func exchanged(t AccountType) AccountType {
	t.exchange = true
	return t
}

// findAccountType finds a type that Slipway knows by itself.
func findAccountType(id string) (AccountType, bool) {
	for _, t := range accountTypes {
		if t.Type == id {
			return t, true
		}
	}
	return AccountType{}, false
}

// problems lists what is wrong with the shape of credentials, without any
// value; of a type that nobody describes nothing is known.
func (t AccountType) problems(credentials map[string]any) []string {
	if len(t.InputsSchema) == 0 {
		return nil
	}
	var out []string
	for _, p := range schema.Later(t.InputsSchema).Check(credentials, schema.Options{Secret: func([]string) bool { return true }}) {
		out = append(out, p.String())
	}
	return out
}

// wrongKinds lists fields that are there and no text: those no later completion can mend.
func (t AccountType) wrongKinds(credentials map[string]any) []string {
	known, _ := t.InputsSchema["properties"].(map[string]any)
	var out []string
	for _, field := range sortedNames(credentials) {
		if _, isText := credentials[field].(string); known[field] != nil && !isText {
			out = append(out, field)
		}
	}
	return out
}

// delivered are the credentials as drivers get them: as stored, and those of
// AWS also by the names of its credential process, which published definitions
// copy from.
func delivered(accountType string, credentials map[string]any) map[string]any {
	out := make(map[string]any, len(credentials)+2)
	for field, value := range credentials {
		out[field] = value
	}
	if accountType != "aws" {
		return out
	}
	for from, to := range map[string]string{"aws_access_key_id": "AccessKeyId", "aws_secret_access_key": "SecretAccessKey", "aws_session_token": "SessionToken"} {
		if value, ok := credentials[from]; ok && out[to] == nil {
			out[to] = value
		}
	}
	return out
}

func accountTypeNames(types []AccountType) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.Type
	}
	return strings.Join(names, ", ")
}
