package clouds

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/orchestrator"
)

// ecrForm is the domain of a private registry of Amazon ECR: account, region, top of the domain.
var ecrForm = regexp.MustCompile(`^([0-9]{12})\.dkr\.ecr(?:-fips)?\.([a-z]{2,4}(?:-[a-z]+)+-[0-9]+)\.amazonaws\.com(?:\.cn)?(?:/|$)`)

// ecrTarget is the operation, as the JSON protocol of AWS names it.
const ecrTarget = "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"

// Registries exchanges keys of AWS for tokens of its registry (GetAuthorizationToken). A token is good for twelve hours; one is used
// for the first half of that, so whoever gets it has hours left. It is safe for concurrent use.
type Registries struct {
	service *service

	mu   sync.Mutex
	kept map[string]*keptToken
}

// keptToken is what is kept of one registry and its keys. Its lock lets one exchange at a time go on.
type keptToken struct {
	mu    sync.Mutex
	creds orchestrator.RegistryCredentials
	fresh time.Time // until then it is given out
}

var _ orchestrator.RegistryTokens = (*Registries)(nil)

// NewRegistries builds the exchange. Of the options it uses Client, Endpoints and Now.
func NewRegistries(o Options) *Registries {
	return &Registries{service: newService(o), kept: map[string]*keptToken{}}
}

// Exchange gives user and password for a registry: creds.Username is the id of an access key, creds.Password its secret.
func (r *Registries) Exchange(ctx context.Context, registry string, creds orchestrator.RegistryCredentials) (orchestrator.RegistryCredentials, error) {
	parts := ecrForm.FindStringSubmatch(registry)
	if parts == nil {
		return orchestrator.RegistryCredentials{}, orchestrator.Invalidf("registry %s is none of Amazon ECR, such as 123456789012.dkr.ecr.eu-central-1.amazonaws.com", registry)
	}
	// A token opens every registry that the keys may read in a region, so paths of one registry share it.
	k := r.entry(parts[1], parts[2], creds)
	k.mu.Lock()
	defer k.mu.Unlock()
	if r.service.Now().Before(k.fresh) {
		return k.creds, nil
	}
	got, err := r.ask(ctx, parts[2], creds)
	if err != nil {
		return orchestrator.RegistryCredentials{}, orchestrator.Errorf(orchestrator.CodeOf(err), "%s", redaction.New(creds.Password).String(err.Error()))
	}
	k.creds = got
	k.fresh = r.service.Now().Add(got.Expires.Sub(r.service.Now()) / 2)
	return got, nil
}

func (r *Registries) entry(account, region string, creds orchestrator.RegistryCredentials) *keptToken {
	sum := sha256.Sum256([]byte(strings.Join([]string{account, region, creds.Username, creds.Password}, "\x00")))
	key := hex.EncodeToString(sum[:])
	r.mu.Lock()
	defer r.mu.Unlock()
	if k, ok := r.kept[key]; ok {
		return k
	}
	if len(r.kept) >= maxKept {
		clear(r.kept)
	}
	k := &keptToken{}
	r.kept[key] = k
	return k
}

func (r *Registries) ask(ctx context.Context, region string, creds orchestrator.RegistryCredentials) (orchestrator.RegistryCredentials, error) {
	var none orchestrator.RegistryCredentials
	const body = "{}"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.service.endpoint(EndpointAWSRegistry, region)+"/", strings.NewReader(body))
	if err != nil {
		return none, orchestrator.Invalidf("make a request to Amazon ECR: %v", err)
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Target", ecrTarget)
	sum := sha256.Sum256([]byte(body))
	keys := aws.Credentials{AccessKeyID: creds.Username, SecretAccessKey: creds.Password}
	if err := v4.NewSigner().SignHTTP(ctx, keys, request, hex.EncodeToString(sum[:]), "ecr", region, r.service.Now()); err != nil {
		return none, orchestrator.Invalidf("sign a request to Amazon ECR: %v", err)
	}
	var answer struct {
		Data []struct {
			Token   string  `json:"authorizationToken"`
			Expires float64 `json:"expiresAt"` // seconds since 1970
		} `json:"authorizationData"`
	}
	if err := r.service.send(request, "get a token of Amazon ECR with the key "+creds.Username, &answer); err != nil {
		return none, err
	}
	if len(answer.Data) == 0 {
		return none, orchestrator.Errorf(orchestrator.CodeUnavailable, "the answer of Amazon ECR holds no token")
	}
	raw, err := base64.StdEncoding.DecodeString(answer.Data[0].Token)
	user, password, ok := strings.Cut(string(raw), ":")
	until := time.UnixMilli(int64(answer.Data[0].Expires * 1000)).UTC()
	if err != nil || !ok || !until.After(r.service.Now()) {
		return none, orchestrator.Errorf(orchestrator.CodeUnavailable, "the token of Amazon ECR cannot be read, or has ended already")
	}
	return orchestrator.RegistryCredentials{Username: user, Password: password, Expires: &until}, nil
}
