package orchestrator

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/resource"
)

// Store keeps the records. The rules that every method follows:
//
//   - Everything is read and written within one organization; an object of
//     another organization is CodeNotFound, like one that does not exist. The
//     message names kind and id: `application "shop" does not exist`.
//   - Create answers CodeConflict when the id is taken.
//   - Update compares the row version it was read with (field Version), answers
//     CodeConflict when the row changed meanwhile, and sets the new version in
//     its argument. It writes every mutable column, zero values included.
//   - A method called with a context from InTx takes part in that transaction.
//   - Times are UTC with nanoseconds. Lists are complete and stably ordered.
//   - When the database is away the error is CodeUnavailable.
type Store interface {
	Transactor
	OrganizationStore
	ApplicationStore
	SetStore
	DeploymentStore
	NodeStore
	NodeChangesStore
	EventStore
	ResourceStore
	DefinitionStore
	ActiveResourceStore
	ValueStore
	DeliveryStore
	PeopleStore
	AssetStore
	ArtefactStore
	AutomationStore
	WebhookStore
	OperateStore
	DriftStore
	AttentionStore
	OrgResourceStore
	DriftIgnoreStore
	PullSecretStore
	ScheduleStore
	ReceiverStore
	ScheduledDeploymentStore
	PipelineStore
	PipelineRunStore
	GateStore
	LifecycleStore
	PromotionStore
	DeploymentPlanStore
}

// Transactor runs a function in one transaction.
type Transactor interface {
	// InTx commits when fn returns nil and rolls back otherwise. Nested calls
	// join the outer transaction. Serialization failures and deadlocks are
	// retried a few times, so fn must not have effects outside the database.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Ping checks that the database answers.
	Ping(ctx context.Context) error
}

// OrganizationStore keeps organizations, users, tokens and roles.
type OrganizationStore interface {
	CreateOrganization(ctx context.Context, o *Organization) error
	GetOrganization(ctx context.Context, org string) (*Organization, error)
	// ListOrganizations lists those in which the user has a role, by id.
	ListOrganizations(ctx context.Context, userID string) ([]Organization, error)
	// AllOrganizations lists every organization; only for the system itself.
	AllOrganizations(ctx context.Context) ([]Organization, error)

	CreateUser(ctx context.Context, u *User) error
	GetUser(ctx context.Context, id string) (*User, error)
	UpdateUser(ctx context.Context, u *User) error

	CreateToken(ctx context.Context, t *Token) error
	GetToken(ctx context.Context, userID, id string) (*Token, error)
	// TokenByHash finds a token whatever its expiry; CodeNotFound when unknown.
	TokenByHash(ctx context.Context, hash string) (*Token, error)
	ListTokens(ctx context.Context, userID string) ([]Token, error)
	DeleteToken(ctx context.Context, userID, id string) error
	TouchToken(ctx context.Context, userID, id string, at time.Time) error

	// PutRole sets the subject's one role on the object.
	PutRole(ctx context.Context, r RoleBinding) error
	DeleteRole(ctx context.Context, org, subjectID, object string) error
	// RolesOf lists the subject's roles in all organizations.
	RolesOf(ctx context.Context, subjectID string) ([]RoleBinding, error)
	// RolesOn lists the roles on one object, by subject.
	RolesOn(ctx context.Context, org, object string) ([]RoleBinding, error)
}

// ApplicationStore keeps applications, environment types and environments.
type ApplicationStore interface {
	CreateApplication(ctx context.Context, a *Application) error
	GetApplication(ctx context.Context, org, app string) (*Application, error)
	ListApplications(ctx context.Context, org string) ([]Application, error)
	UpdateApplication(ctx context.Context, a *Application) error
	// DeleteApplication removes the application with everything recorded below it.
	DeleteApplication(ctx context.Context, org, app string) error

	CreateEnvironmentType(ctx context.Context, t *EnvironmentType) error
	GetEnvironmentType(ctx context.Context, org, id string) (*EnvironmentType, error)
	ListEnvironmentTypes(ctx context.Context, org string) ([]EnvironmentType, error)
	UpdateEnvironmentType(ctx context.Context, t *EnvironmentType) error
	DeleteEnvironmentType(ctx context.Context, org, id string) error

	CreateEnvironment(ctx context.Context, e *Environment) error
	GetEnvironment(ctx context.Context, ref EnvRef) (*Environment, error)
	// LockEnvironment reads the environment and, inside InTx, keeps other
	// transactions from locking it until this one ends.
	LockEnvironment(ctx context.Context, ref EnvRef) (*Environment, error)
	ListEnvironments(ctx context.Context, org, app string) ([]Environment, error)
	// ListEnvironmentNames lists environments of several applications, with their ids, names and types only.
	ListEnvironmentNames(ctx context.Context, org string, apps []string) ([]Environment, error)
	// ListEnvironmentsOfType lists environments of all applications.
	ListEnvironmentsOfType(ctx context.Context, org, envType string) ([]Environment, error)
	UpdateEnvironment(ctx context.Context, e *Environment) error
	// DeletingEnvironments lists environments of all organizations with status
	// deleting, at most limit; only for the system itself.
	DeletingEnvironments(ctx context.Context, limit int) ([]Environment, error)
	// DeleteEnvironment removes the environment with everything recorded below
	// it: deployments, nodes, events, logs, graphs, active resources, values,
	// inventory, and clears its id from no delta.
	DeleteEnvironment(ctx context.Context, ref EnvRef) error
}

// SetStore keeps Deployment Sets and Deltas.
type SetStore interface {
	// PutSet stores the content once and links it to the application; storing
	// equal content again is no error. It returns the set's id.
	PutSet(ctx context.Context, org, app string, s deployset.Set) (string, error)
	// GetSet finds a set linked to the application. Any zero id is the empty set.
	GetSet(ctx context.Context, org, app, id string) (deployset.Set, error)
	// ListSets lists the application's sets, newest first.
	ListSets(ctx context.Context, org, app string) ([]deployset.Set, error)

	CreateDelta(ctx context.Context, d *Delta) error
	GetDelta(ctx context.Context, org, app, id string) (*Delta, error)
	// ListDeltas lists newest first; envID "" = any; archived false hides archived ones,
	// true shows both.
	ListDeltas(ctx context.Context, org, app, envID string, archived bool) ([]Delta, error)
	UpdateDelta(ctx context.Context, d *Delta) error
}

// DeploymentStore keeps deployments and their errors.
type DeploymentStore interface {
	CreateDeployment(ctx context.Context, d *Deployment) error
	GetDeployment(ctx context.Context, ref EnvRef, id string) (*Deployment, error)
	// FindDeployment finds a deployment by its id alone; only for the system itself.
	FindDeployment(ctx context.Context, id string) (*Deployment, error)
	// FindDeploymentInApp finds a deployment of any environment of the application.
	FindDeploymentInApp(ctx context.Context, org, app, id string) (*Deployment, error)
	// FindDeploymentsInApp finds those of the deployments that are there, in no order.
	FindDeploymentsInApp(ctx context.Context, org, app string, ids []string) ([]Deployment, error)
	// ListDeployments lists newest first; limit 0 = all.
	ListDeployments(ctx context.Context, ref EnvRef, limit int) ([]Deployment, error)
	// UnfinishedDeployments lists those of one environment that are not terminal, oldest first.
	UnfinishedDeployments(ctx context.Context, ref EnvRef) ([]Deployment, error)
	// AllUnfinishedDeployments lists those of every environment whose last status
	// change is older than before, oldest first, at most limit; only for the system itself.
	AllUnfinishedDeployments(ctx context.Context, before time.Time, limit int) ([]Deployment, error)
	UpdateDeployment(ctx context.Context, d *Deployment) error
	// SetDeploymentErrors replaces the errors of a deployment.
	SetDeploymentErrors(ctx context.Context, org, id string, errs []DeploymentError) error
	ListDeploymentErrors(ctx context.Context, org, id string) ([]DeploymentError, error)
}

// NodeStore keeps the run of every node of a deployment.
type NodeStore interface {
	// CreateNodes stores all nodes of a deployment at once; when the deployment
	// has nodes already it does nothing.
	CreateNodes(ctx context.Context, nodes []Node) error
	// ListNodes lists by ordinal, with Sealed.
	ListNodes(ctx context.Context, org, deploymentID string) ([]Node, error)
	GetNode(ctx context.Context, org, deploymentID string, ordinal int) (*Node, error)
	// CountNodes counts the nodes of a deployment by status.
	CountNodes(ctx context.Context, org, deploymentID string) (map[NodeStatus]int, error)
	UpdateNode(ctx context.Context, n *Node) error
}

// EventStore keeps the append-only record of what happened, and log lines.
type EventStore interface {
	// AppendEvents stores events in order and fills their Seq. Seq order is
	// commit order as far as readers can tell: a reader that has seen Seq n
	// never later finds a smaller one of the same deployment.
	AppendEvents(ctx context.Context, events ...*Event) error
	// ListEvents lists those of a deployment with Seq > after, oldest first, at most limit.
	ListEvents(ctx context.Context, org, deploymentID string, after int64, limit int) ([]Event, error)
	AppendLog(ctx context.Context, lines ...*LogLine) error
	// ListLog lists lines with Seq > after; node "" = all of the deployment.
	ListLog(ctx context.Context, org, deploymentID, node string, after int64, limit int) ([]LogLine, error)
	// NewestLogLine is the Seq of the newest line, 0 when there is none; node "" = all of the deployment.
	NewestLogLine(ctx context.Context, org, deploymentID, node string) (int64, error)
	// Watch returns a channel that receives a value soon after something was
	// appended for the deployment (in this process at once, by another process
	// within a second), until ctx ends. Missing a signal is allowed when one is
	// already pending.
	Watch(ctx context.Context, deploymentID string) <-chan struct{}
}

// ResourceStore keeps resource types, classes and drivers.
type ResourceStore interface {
	CreateResourceType(ctx context.Context, t *ResourceType) error
	// ListResourceTypes lists the organization's own and the built-in ones, by id.
	ListResourceTypes(ctx context.Context, org string) ([]ResourceType, error)
	GetResourceType(ctx context.Context, org, id string) (*ResourceType, error)
	UpdateResourceType(ctx context.Context, t *ResourceType) error
	DeleteResourceType(ctx context.Context, org, id string) error

	CreateResourceClass(ctx context.Context, c *ResourceClass) error
	// ListResourceClasses lists by type and id; resourceType "" = all.
	ListResourceClasses(ctx context.Context, org, resourceType string) ([]ResourceClass, error)
	GetResourceClass(ctx context.Context, org, resourceType, id string) (*ResourceClass, error)
	UpdateResourceClass(ctx context.Context, c *ResourceClass) error
	DeleteResourceClass(ctx context.Context, org, resourceType, id string) error

	CreateDriver(ctx context.Context, d *DriverDefinition) error
	// ListDrivers lists the organization's own registered drivers, by id.
	ListDrivers(ctx context.Context, org string) ([]DriverDefinition, error)
	GetDriver(ctx context.Context, org, id string) (*DriverDefinition, error)
	UpdateDriver(ctx context.Context, d *DriverDefinition) error
	DeleteDriver(ctx context.Context, org, id string) error
}

// DefinitionStore keeps definitions, their versions and matching criteria.
type DefinitionStore interface {
	// CreateDefinition stores the definition, its Active version and its criteria.
	CreateDefinition(ctx context.Context, d *Definition) error
	// GetDefinition finds also deleted ones (IsDeleted).
	GetDefinition(ctx context.Context, org, id string) (*Definition, error)
	// ListDefinitions lists by id with active version and criteria; deleted adds deleted ones.
	ListDefinitions(ctx context.Context, org string, deleted bool) ([]Definition, error)
	// UpdateDefinition writes the definition's own columns (not versions, not criteria).
	UpdateDefinition(ctx context.Context, d *Definition) error
	// DeleteDefinition removes the definition with versions and criteria for good.
	DeleteDefinition(ctx context.Context, org, id string) error

	CreateDefinitionVersion(ctx context.Context, v *DefinitionVersion) error
	GetDefinitionVersion(ctx context.Context, org, defID, id string) (*DefinitionVersion, error)
	// ListDefinitionVersions lists newest first.
	ListDefinitionVersions(ctx context.Context, org, defID string) ([]DefinitionVersion, error)
	// UpdateDefinitionVersion writes the flags active, proposed and archived.
	UpdateDefinitionVersion(ctx context.Context, v *DefinitionVersion) error
	DeleteDefinitionVersion(ctx context.Context, org, defID, id string) error

	// PutCriteria replaces all criteria of a definition. CodeConflict when an equal
	// criterion exists on another definition of the same type that is not a default
	// and not deleted; the message names both definitions.
	PutCriteria(ctx context.Context, org, defID string, criteria []resource.Criteria) error
}

// ActiveResourceStore keeps active resources and graphs. Of the resources of one
// key in an environment at most one is not retired.
type ActiveResourceStore interface {
	// ReserveResource returns the active resource of the key in the environment,
	// creating it with r's fields (status pending) when there is none. The
	// GUResID of an existing one is kept.
	ReserveResource(ctx context.Context, r *ActiveResource) (*ActiveResource, error)
	// AddRetiredResource stores r as retired, beside what its key stands for.
	AddRetiredResource(ctx context.Context, r *ActiveResource) error
	// GetActiveResource returns the one of the key that is not retired.
	GetActiveResource(ctx context.Context, ref EnvRef, key resource.Key) (*ActiveResource, error)
	// FindActiveResource finds a resource by its GUResID, retired or not.
	FindActiveResource(ctx context.Context, ref EnvRef, guresid string) (*ActiveResource, error)
	// ListActiveResources lists by type, class, id; pending ones that were never
	// provisioned included, retired ones not.
	ListActiveResources(ctx context.Context, ref EnvRef) ([]ActiveResource, error)
	// ListRetiredResources lists the retired ones by type, class, id, oldest first.
	ListRetiredResources(ctx context.Context, ref EnvRef) ([]ActiveResource, error)
	// DeletingResources lists those of every environment with status deleting, at
	// most limit (0 = all); only for the system itself.
	DeletingResources(ctx context.Context, limit int) ([]ActiveResource, error)
	// ListActiveResourcesOf lists those of all environments made by a definition,
	// retired ones included.
	ListActiveResourcesOf(ctx context.Context, org, defID string) ([]ActiveResource, error)
	// CountActiveResourcesOfType counts those of all environments, retired ones included.
	CountActiveResourcesOfType(ctx context.Context, org, resourceType string) (int, error)
	// UpdateActiveResource finds the row by its GUResID.
	UpdateActiveResource(ctx context.Context, r *ActiveResource) error
	DeleteActiveResource(ctx context.Context, ref EnvRef, guresid string) error

	// PutGraph stores a graph, or refreshes used_at of an equal one (same
	// environment and hash), and returns its id.
	PutGraph(ctx context.Context, g *GraphRecord) (string, error)
	GetGraph(ctx context.Context, ref EnvRef, id string) (*GraphRecord, error)
}

// ValueStore keeps Shared Values, their versions, and secrets.
type ValueStore interface {
	// ListValues lists one level by key: envID "" = the application's.
	ListValues(ctx context.Context, org, app, envID string) ([]Value, error)
	PutValue(ctx context.Context, v *Value) error
	DeleteValue(ctx context.Context, org, app, envID, key string) error

	CreateValueSetVersion(ctx context.Context, v *ValueSetVersion) error
	GetValueSetVersion(ctx context.Context, org, app, envID, id string) (*ValueSetVersion, error)
	// ListValueSetVersions lists newest first; limit 0 = all.
	ListValueSetVersions(ctx context.Context, org, app, envID string, limit int) ([]ValueSetVersion, error)
	// UpdateValueSetVersion writes Values and UpdatedAt (a purge erases a value).
	UpdateValueSetVersion(ctx context.Context, v *ValueSetVersion) error

	// AddSecret stores the next version of the secret and sets s.Version.
	AddSecret(ctx context.Context, s *StoredSecret) error
	// GetSecret finds one version; version 0 = the newest.
	GetSecret(ctx context.Context, org, ref string, version int) (*StoredSecret, error)
	// DeleteSecret erases one version; version 0 = all.
	DeleteSecret(ctx context.Context, org, ref string, version int) error
}

// DeliveryStore keeps what was rendered and what was brought to a target.
type DeliveryStore interface {
	PutManifests(ctx context.Context, m *ManifestSet) error
	GetManifests(ctx context.Context, org, deploymentID string) (*ManifestSet, error)
	// PutInventory adds or refreshes entries.
	PutInventory(ctx context.Context, entries []InventoryEntry) error
	ListInventory(ctx context.Context, ref EnvRef) ([]InventoryEntry, error)
	DeleteInventory(ctx context.Context, entries []InventoryEntry) error
}
