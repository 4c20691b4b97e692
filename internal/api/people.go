package api

// UserRole is a user or group with its role on an object.
type UserRole struct {
	ID        string `json:"id" doc:"Id of the user or group"`
	Name      string `json:"name" doc:"Name of the user; of a group its name at the identity provider"`
	Email     string `json:"email,omitempty" doc:"E-mail address, when known"`
	Role      string `json:"role" doc:"Role on the object"`
	Type      string `json:"type" enum:"user,service,group,system" doc:"What it is"`
	CreatedAt Time   `json:"created_at" doc:"When it was created"`
	Invite    string `json:"invite,omitempty" enum:"pending,expired,accepted" doc:"State of the invitation, when there was one"`
	IDPID     string `json:"idp_id,omitempty" doc:"Identity provider of a group"`
}

// UserRoleRequest gives a user or group a role.
type UserRoleRequest struct {
	ID   string `json:"id" doc:"Id of a user or group of the Organization"`
	Role string `json:"role" doc:"Role on the object"`
}

// RoleRequest changes a role.
type RoleRequest struct {
	Role string `json:"role" doc:"New role on the object"`
}

// UserProfile describes a user.
type UserProfile struct {
	ID        string `json:"id" doc:"Id of the user"`
	Name      string `json:"name" doc:"Display name"`
	Email     string `json:"email,omitempty" doc:"E-mail address, when known"`
	Type      string `json:"type" enum:"user,service,system" doc:"Kind of user"`
	CreatedAt Time   `json:"created_at" doc:"When the user was created"`
}

// ServiceUserRequest asks for a user for a machine.
type ServiceUserRequest struct {
	Name  string `json:"name" doc:"Display name"`
	Role  string `json:"role" enum:"orgViewer,artefactContributor,member,manager,administrator" doc:"Role in the Organization"`
	Email string `json:"email,omitempty" doc:"Address of those responsible for it"`
}

// GroupRequest asks for a group.
type GroupRequest struct {
	GroupID string `json:"group_id" doc:"Name of the group at the identity provider"`
	IDPID   string `json:"idp_id" doc:"Identity provider, as the setting oidc-idp-id names it"`
	Role    string `json:"role" enum:"orgViewer,artefactContributor,member,manager,administrator" doc:"Role in the Organization"`
}

// Group is a group of an identity provider.
type Group struct {
	ID        string `json:"id" doc:"Id of the group in roles"`
	GroupID   string `json:"group_id" doc:"Name of the group at the identity provider"`
	IDPID     string `json:"idp_id" doc:"Identity provider"`
	CreatedAt Time   `json:"created_at" doc:"When it was created"`
}

// GroupWithRole is a new group.
type GroupWithRole struct {
	ID        string `json:"id" doc:"Id of the group in roles"`
	GroupID   string `json:"group_id" doc:"Name of the group at the identity provider"`
	IDPID     string `json:"idp_id" doc:"Identity provider"`
	Role      string `json:"role" doc:"Role in the Organization"`
	CreatedAt Time   `json:"created_at" doc:"When it was created"`
}

// InvitationRequest invites a person.
type InvitationRequest struct {
	Email string `json:"email" doc:"E-mail address of the person"`
	Role  string `json:"role" doc:"Role in the Organization"`
}

// NewInvitation is the temporary user of a new invitation, with what accepts
// the invitation.
type NewInvitation struct {
	UserRole
	InviteToken string `json:"invite_token" doc:"Accepts the invitation; shown this once. No e-mail is sent: pass it on yourself"`
	ExpiresAt   Time   `json:"expires_at" doc:"Until when it can be accepted"`
}

// Invitation is an invitation that was not accepted yet.
type Invitation struct {
	UserID    string `json:"user_id" doc:"Id of the temporary user"`
	Email     string `json:"email,omitempty" doc:"E-mail address of the person"`
	CreatedAt Time   `json:"created_at" doc:"When it was made"`
	CreatedBy string `json:"created_by" doc:"Id of the user who invited"`
	ExpiresAt Time   `json:"expires_at" doc:"Until when it can be accepted"`
}

// SubjectPermissions lists what a user or group may do.
type SubjectPermissions struct {
	Objects map[string]Permissions `json:"objects" doc:"By object, such as /orgs/acme/apps/shop. What is permitted on an Organization is permitted on everything in it"`
}

// Permissions lists what is permitted on an object.
type Permissions struct {
	Permissions []string `json:"permissions" doc:"Names of permissions, see the reference of roles"`
}

// AcceptInvitationRequest accepts an invitation.
type AcceptInvitationRequest struct {
	Token string `json:"token" doc:"The invite_token of the invitation"`
	Name  string `json:"name,omitempty" doc:"Display name; the e-mail address when absent"`
}

// AcceptedInvitation is the user that an invitation made, with a token.
type AcceptedInvitation struct {
	User  UserProfile `json:"user" doc:"You"`
	Token string      `json:"token" doc:"A token of yours; shown this once"`
}

// AuditEntry is one change.
type AuditEntry struct {
	ID             string         `json:"id" doc:"Number of the entry; later ones are larger"`
	At             Time           `json:"at" doc:"When it happened"`
	OrgID          string         `json:"org_id" doc:"Organization"`
	UserID         string         `json:"user_id" doc:"Who did it"`
	RequestMethod  string         `json:"request_method" doc:"HTTP method of the request"`
	RequestPath    string         `json:"request_path" doc:"Path of the request"`
	ResponseStatus int            `json:"response_status" doc:"Status of the answer"`
	Action         string         `json:"action" doc:"What was done: create, update, delete, deploy, ..."`
	ObjectType     string         `json:"object_type" doc:"Kind of what was changed"`
	Object         string         `json:"object" doc:"Path of what was changed"`
	SourceIP       string         `json:"source_ip,omitempty" doc:"Where the request came from"`
	UserAgent      string         `json:"user_agent,omitempty" doc:"Client of the request"`
	RequestID      string         `json:"request_id,omitempty" doc:"X-Request-ID of the request, as in the server's log"`
	Before         map[string]any `json:"before,omitempty" doc:"State before, without secrets"`
	After          map[string]any `json:"after,omitempty" doc:"State after, without secrets"`
}

// RedeemCodeRequest redeems the code of a sign-in.
type RedeemCodeRequest struct {
	Code     string `json:"code" doc:"What the browser brought"`
	Verifier string `json:"verifier" doc:"PKCE verifier whose challenge the sign-in was begun with"`
}

// NewSession is a session that was begun.
type NewSession struct {
	Token     string `json:"token" doc:"Token of the session"`
	ExpiresAt Time   `json:"expires_at" doc:"When it ends"`
}
