package manifest

// Object is one Kubernetes object on its way to a cluster or a repository.
type Object struct {
	// Tree is the object as a plain JSON tree. placeholder.Secret leaves occur only below data and stringData of objects
	// of kind Secret (those of data hold base64 text, so that placeholder.Reveal gives what an API server accepts), and
	// in other objects of a resource whose manifest was declared secret as a whole. Never log a tree; use placeholder.Redact.
	Tree map[string]any
	// From says where the object comes from: modules.<id>, or the resource that brought it.
	From string
	// Kept says that the object was brought by an earlier deployment and belongs to a resource that is no part of this one:
	// it stays as it is in the target, and is not brought anew.
	Kept bool
	// Deploy is the condition of the module that the object is of; nil when it has none, and for what resources bring.
	Deploy *DeployCondition
}

// APIVersion is the group and version, such as apps/v1.
func (o Object) APIVersion() string { return textAt(o.Tree, "apiVersion") }

// Kind is the object's kind.
func (o Object) Kind() string { return textAt(o.Tree, "kind") }

// Namespace is empty for an object of the cluster.
func (o Object) Namespace() string { return textAt(o.metadata(), "namespace") }

// Name is the object's name.
func (o Object) Name() string { return textAt(o.metadata(), "name") }

// Ref identifies the object across versions of its API: group/kind/namespace/name, group and namespace may be empty.
func (o Object) Ref() string {
	return groupOf(o.APIVersion()) + "/" + o.Kind() + "/" + o.Namespace() + "/" + o.Name()
}

func (o Object) metadata() map[string]any {
	metadata, _ := o.Tree["metadata"].(map[string]any)
	return metadata
}

func textAt(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}
