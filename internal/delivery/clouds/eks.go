package clouds

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	// eksTokenLife is how long EKS takes a token after it was signed: 15 minutes, less a minute for clocks that differ
	// (aws-iam-authenticator).
	eksTokenLife = 14 * time.Minute
	// eksPrefix marks a token as a signed address.
	eksPrefix = "k8s-aws-v1."
	// emptyHash is the SHA-256 of no body.
	emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

var regionForm = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]+$`)

// awsKeys sign requests; until is zero for those that do not end.
type awsKeys struct {
	aws.Credentials
	until time.Time
}

// openEKS takes {aws_access_key_id, aws_secret_access_key, aws_session_token}, also by the names of a credential process
// ({AccessKeyId, ...}), and {aws_role, external_id}: a role that those keys, this server's token or this server's keys assume.
func openEKS(ctx context.Context, s *service, t orchestrator.Target) (opened, error) {
	name, region := text(t.Values, "name"), text(t.Values, "region")
	if name == "" || !regionForm.MatchString(region) {
		return opened{}, orchestrator.Invalidf("resource k8s-cluster: an EKS cluster needs its name and its region, such as eu-central-1; got region %q", region)
	}
	keys, err := awsCredentials(ctx, s, t.Env.OrgID, t.Credentials, region)
	if err != nil {
		return opened{}, err
	}
	out := opened{until: s.Now().Add(eksTokenLife)}
	if !keys.until.IsZero() && keys.until.Before(out.until) {
		out.until = keys.until
	}
	if out.access.Token, err = eksToken(ctx, s, keys, name, region); err != nil {
		return opened{}, err
	}
	server, authorities, ok, err := given(t)
	if err != nil || ok {
		out.access.Server, out.access.CA = server, authorities
		return out, err
	}
	return out, eksCluster(ctx, s, keys, name, region, &out.access)
}

func awsCredentials(ctx context.Context, s *service, org string, c map[string]any, region string) (awsKeys, error) {
	keys := awsKeys{Credentials: aws.Credentials{
		AccessKeyID: text(c, "aws_access_key_id", "AccessKeyId"), SecretAccessKey: text(c, "aws_secret_access_key", "SecretAccessKey"),
		SessionToken: text(c, "aws_session_token", "SessionToken"),
	}}
	role := text(c, "aws_role", "role_arn")
	switch {
	case role == "" && keys.HasKeys():
		return keys, nil
	case role == "":
		return awsKeys{}, orchestrator.Invalidf("resource k8s-cluster: the credentials of an EKS cluster must hold aws_access_key_id and " +
			"aws_secret_access_key, or aws_role")
	}
	form := url.Values{"Version": {"2011-06-15"}, "RoleArn": {role}, "RoleSessionName": {kubernetes.FieldManager}, "DurationSeconds": {"3600"}}
	if !keys.HasKeys() && s.IdentityFile != "" {
		token, err := s.identity(ctx, org, "an account of the type aws-role", role)
		if err != nil {
			return awsKeys{}, err
		}
		form.Set("Action", "AssumeRoleWithWebIdentity")
		form.Set("WebIdentityToken", token)
		return assume(ctx, s, awsKeys{}, form, role, region)
	}
	if !keys.HasKeys() {
		if err := s.Identities.allow(ctx, org, role); err != nil {
			return awsKeys{}, err
		}
		keys = awsKeys{Credentials: aws.Credentials{AccessKeyID: s.AWSAccessKeyID, SecretAccessKey: s.AWSSecretAccessKey, SessionToken: s.AWSSessionToken}}
	}
	if !keys.HasKeys() {
		return awsKeys{}, orchestrator.Invalidf("resource k8s-cluster: to assume the role %s this server needs a token (--cloud-identity-file) or "+
			"keys of its own (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), or the credentials keys beside aws_role", role)
	}
	form.Set("Action", "AssumeRole")
	if external := text(c, "external_id"); external != "" {
		form.Set("ExternalId", external)
	}
	return assume(ctx, s, keys, form, role, region)
}

// assume asks STS for the temporary keys of a role; without keys the request is not signed.
func assume(ctx context.Context, s *service, keys awsKeys, form url.Values, role, region string) (awsKeys, error) {
	r, err := newRequest(ctx, http.MethodPost, s.endpoint(EndpointAWSSTS, region)+"/", form)
	if err != nil {
		return awsKeys{}, err
	}
	r.Header.Set("Accept", "application/xml")
	if keys.HasKeys() {
		sum := sha256.Sum256([]byte(form.Encode()))
		if err := v4.NewSigner().SignHTTP(ctx, keys.Credentials, r, hex.EncodeToString(sum[:]), "sts", region, s.Now()); err != nil {
			return awsKeys{}, orchestrator.Invalidf("sign a request to STS: %v", err)
		}
	}
	raw, err := s.fetch(r, "assume the role "+role)
	if err != nil {
		return awsKeys{}, err
	}
	type result struct {
		Credentials struct {
			AccessKeyID  string    `xml:"AccessKeyId"`
			SecretKey    string    `xml:"SecretAccessKey"`
			SessionToken string    `xml:"SessionToken"`
			Expiration   time.Time `xml:"Expiration"`
		} `xml:"Credentials"`
	}
	var answer struct {
		Plain result `xml:"AssumeRoleResult"`
		Web   result `xml:"AssumeRoleWithWebIdentityResult"`
	}
	got := &answer.Plain
	if err := xml.Unmarshal(raw, &answer); err == nil && answer.Web.Credentials.AccessKeyID != "" {
		got = &answer.Web
	}
	if got.Credentials.AccessKeyID == "" {
		return awsKeys{}, orchestrator.Errorf(orchestrator.CodeUnavailable, "assume the role %s: the answer of STS holds no keys", role)
	}
	return awsKeys{until: got.Credentials.Expiration, Credentials: aws.Credentials{
		AccessKeyID: got.Credentials.AccessKeyID, SecretAccessKey: got.Credentials.SecretKey, SessionToken: got.Credentials.SessionToken,
	}}, nil
}

// eksToken is a signed question to STS of who asks it, for that cluster only. The cluster puts it to STS.
func eksToken(ctx context.Context, s *service, keys awsKeys, name, region string) (string, error) {
	at := s.endpoint(EndpointAWSSTS, region) + "/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Expires=60"
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return "", orchestrator.Invalidf("make the address for a token: %v", err)
	}
	r.Header.Set("X-K8s-Aws-Id", name)
	signed, _, err := v4.NewSigner().PresignHTTP(ctx, keys.Credentials, r, emptyHash, "sts", region, s.Now())
	if err != nil {
		return "", orchestrator.Invalidf("sign a token for the cluster %s: %v", name, err)
	}
	return eksPrefix + base64.RawURLEncoding.EncodeToString([]byte(signed)), nil
}

// eksCluster asks for address and authorities of a cluster.
func eksCluster(ctx context.Context, s *service, keys awsKeys, name, region string, access *kubernetes.Access) error {
	r, err := newRequest(ctx, http.MethodGet, s.endpoint(EndpointAWSClusters, region)+"/clusters/"+url.PathEscape(name), nil)
	if err != nil {
		return err
	}
	if err := v4.NewSigner().SignHTTP(ctx, keys.Credentials, r, emptyHash, "eks", region, s.Now()); err != nil {
		return orchestrator.Invalidf("sign a request to EKS: %v", err)
	}
	var answer struct {
		Cluster struct {
			Endpoint  string `json:"endpoint"`
			Authority struct {
				Data string `json:"data"`
			} `json:"certificateAuthority"`
		} `json:"cluster"`
	}
	if err := s.send(r, "ask EKS for the cluster "+name, &answer); err != nil {
		return err
	}
	return fill(access, answer.Cluster.Endpoint, answer.Cluster.Endpoint, answer.Cluster.Authority.Data, name)
}
