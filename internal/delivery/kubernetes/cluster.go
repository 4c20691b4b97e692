package kubernetes

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"

	"github.com/slipway-dev/slipway/orchestrator"
)

// maxClusters bounds the connections that are kept. Beyond it all are dropped and made again as they are needed.
const maxClusters = 100

// cluster is a connection to one API server with one identity, and what is known of its kinds.
type cluster struct {
	url       string
	options   Options
	dynamic   dynamic.Interface
	metadata  metadata.Interface
	discovery discovery.CachedDiscoveryInterface
	kinds     discovery.DiscoveryInterface // not kept
	mapper    *restmapper.DeferredDiscoveryRESTMapper
}

// cluster returns the connection for a target; connections are kept, because finding out the kinds of a cluster takes a while.
func (d *Delivery) cluster(ctx context.Context, t orchestrator.Target) (*cluster, error) {
	config, err := d.restConfig(ctx, t)
	if err != nil {
		return nil, err
	}
	key := identity(config)
	if config.WrapTransport != nil { // its tokens change; whose they are does not
		raw, _ := json.Marshal([]any{t.Type, t.Values, t.Credentials}) //nolint:errchkjson // outputs of a resource, which came as JSON
		sum := sha256.Sum256(raw)
		key += hex.EncodeToString(sum[:])
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if known, ok := d.clusters[key]; ok {
		return known, nil
	}
	made, err := connect(config, d.options)
	if err != nil {
		// A certificate or key that cannot be parsed; the text names the file kind, not its content.
		return nil, orchestrator.Invalidf("resource k8s-cluster: the connection to %s cannot be set up: %v", config.Host, err)
	}
	if len(d.clusters) >= maxClusters {
		clear(d.clusters)
	}
	d.clusters[key] = made
	return made, nil
}

// identity tells connections apart without keeping credentials as a key.
func identity(config *rest.Config) string {
	hash := sha256.New()
	for _, part := range [][]byte{
		[]byte(config.Host), []byte(config.ServerName), config.CAData, config.CertData, config.KeyData, []byte(config.BearerToken),
		[]byte(config.CertFile), []byte(config.KeyFile), []byte(config.BearerTokenFile), []byte(config.Username),
	} {
		_, _ = fmt.Fprintf(hash, "%d:", len(part))
		_, _ = hash.Write(part)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

func connect(config *rest.Config, options Options) (*cluster, error) {
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, err
	}
	objects, err := dynamic.NewForConfigAndClient(config, client)
	if err != nil {
		return nil, err
	}
	headers, err := metadata.NewForConfigAndClient(config, client)
	if err != nil {
		return nil, err
	}
	kinds, err := discovery.NewDiscoveryClientForConfigAndClient(config, client)
	if err != nil {
		return nil, err
	}
	cached := memory.NewMemCacheClient(kinds)
	return &cluster{
		url: config.Host, options: options, dynamic: objects, metadata: headers,
		kinds: kinds, discovery: cached, mapper: restmapper.NewDeferredDiscoveryRESTMapper(cached),
	}, nil
}

// locateAny is locate for an object that is there already: any version in which the cluster serves its kind will do. The error is a
// no-match only when the cluster says so itself, and not because a part of it does not answer.
func (c *cluster) locateAny(kind schema.GroupVersionKind) (place, error) {
	at, err := c.locate(kind)
	if !meta.IsNoMatchError(err) {
		return at, err
	}
	mapping, err := c.mapper.RESTMapping(kind.GroupKind())
	if meta.IsNoMatchError(err) && c.serves(kind.Group, "", kind.Kind) {
		c.mapper.Reset()
		mapping, err = c.mapper.RESTMapping(kind.GroupKind())
	}
	if err == nil {
		return place{resource: mapping.Resource, namespaced: mapping.Scope.Name() == meta.RESTScopeNameNamespace}, nil
	}
	if !meta.IsNoMatchError(err) {
		return place{}, err
	}
	groups, failed := c.discovery.ServerGroups()
	if failed != nil {
		return place{}, failed
	}
	for _, group := range groups.Groups {
		for _, version := range group.Versions {
			if group.Name != kind.Group {
				continue
			}
			if _, failed := c.discovery.ServerResourcesForGroupVersion(version.GroupVersion); failed != nil && !apierrors.IsNotFound(failed) {
				return place{}, failed
			}
		}
	}
	return place{}, err
}

// place is where the objects of a kind are reached.
type place struct {
	resource   schema.GroupVersionResource
	namespaced bool
}

// locate asks the cluster for a kind. What is known of kinds is kept for as long as the connection, so one that is missing is asked
// for: whoever runs the cluster may have installed it meanwhile.
func (c *cluster) locate(kind schema.GroupVersionKind) (place, error) {
	mapping, err := c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if meta.IsNoMatchError(err) && c.serves(kind.Group, kind.Version, kind.Kind) {
		c.mapper.Reset()
		mapping, err = c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	}
	if err != nil {
		return place{}, err
	}
	return place{resource: mapping.Resource, namespaced: mapping.Scope.Name() == meta.RESTScopeNameNamespace}, nil
}

// serves asks the API server itself whether it has a kind by now; version "" is any.
func (c *cluster) serves(group, version, kind string) bool {
	versions := []string{version}
	if version == "" {
		groups, err := c.kinds.ServerGroups()
		if err != nil {
			return false
		}
		versions = nil
		for _, g := range groups.Groups {
			for _, v := range g.Versions {
				if g.Name == group {
					versions = append(versions, v.Version)
				}
			}
		}
	}
	for _, v := range versions {
		list, err := c.kinds.ServerResourcesForGroupVersion(schema.GroupVersion{Group: group, Version: v}.String())
		if err != nil {
			continue
		}
		for _, r := range list.APIResources {
			if r.Kind == kind {
				return true
			}
		}
	}
	return false
}

func (c *cluster) at(p place, namespace string) dynamic.ResourceInterface {
	if p.namespaced {
		return c.dynamic.Resource(p.resource).Namespace(namespace)
	}
	return c.dynamic.Resource(p.resource)
}

// metadataAt reaches objects without their content: a Secret that is only asked for is not read.
func (c *cluster) metadataAt(p place, namespace string) metadata.ResourceInterface {
	if p.namespaced {
		return c.metadata.Resource(p.resource).Namespace(namespace)
	}
	return c.metadata.Resource(p.resource)
}
