package orchestrator

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"
)

// ReceiverRequest asks for a receiver.
type ReceiverRequest struct {
	Vendor     string
	RuleID     string
	Repository string
	Secret     string // "" = made here
}

const (
	minReceiverSecret = 16
	receiversShown    = 100
	maxReason         = 1000
	// receivedTries is how long a delivery is tried again that could not be done.
	receivedTries = 24 * time.Hour
)

// CreateReceiver has a preview rule's environments come and go with pull
// requests. The secret is answered here and never again.
func (s *Service) CreateReceiver(ctx context.Context, org, app string, req ReceiverRequest) (r *Receiver, secret string, err error) {
	if err := s.requireAppPerm(ctx, org, app, PermAutomationWrite); err != nil {
		return nil, "", err
	}
	rule, err := s.store.GetPreviewRule(ctx, org, app, req.RuleID)
	if err != nil {
		return nil, "", asInvalid(err, "rule_id")
	}
	if err := s.requireDeployPerm(ctx, org, app, rule.EnvTypeID, PermAutomationWrite); err != nil {
		return nil, "", err
	}
	if req.Vendor != VendorGitHub && req.Vendor != VendorGitLab {
		return nil, "", Invalidf("vendor: expected %s or %s, got %q", VendorGitHub, VendorGitLab, shorten(req.Vendor))
	}
	if len(req.Repository) > maxText {
		return nil, "", Invalidf("repository: at most %d bytes", maxText)
	}
	secret = req.Secret
	if secret == "" {
		secret = randomHex(32)
	}
	if len(secret) < minReceiverSecret || len(secret) > maxKey {
		return nil, "", Invalidf("secret: expected %d to %d characters; leave it out to have one made", minReceiverSecret, maxKey)
	}
	r = &Receiver{
		OrgID: org, AppID: app, ID: randomHex(16), Vendor: req.Vendor, RuleID: rule.ID, Repository: req.Repository,
		CreatedAt: s.now(), CreatedBy: ActorFrom(ctx).UserID,
	}
	if r.Sealed, err = s.keeper.Encrypt([]byte(secret), ReceiverPlace(org, r.ID)); err != nil {
		return nil, "", Wrapf(CodeInternal, err, "the secret could not be encrypted")
	}
	err = s.audited(ctx, func(ctx context.Context) (Change, error) {
		return created(org, "receiver", receiverPath(r), r.state()), s.store.CreateReceiver(ctx, r)
	})
	return r, secret, err
}

func receiverPath(r *Receiver) string { return AppObject(r.OrgID, r.AppID) + "/receivers/" + r.ID }

func (r *Receiver) state() map[string]any {
	return map[string]any{"id": r.ID, "vendor": r.Vendor, "rule_id": r.RuleID, "repository": r.Repository}
}

// ListReceivers lists the receivers of an application, oldest first.
func (s *Service) ListReceivers(ctx context.Context, org, app string) ([]Receiver, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	return s.store.ListReceivers(ctx, org, app)
}

// ListReceiversInOrg lists those of all applications that the caller may read, oldest first.
func (s *Service) ListReceiversInOrg(ctx context.Context, org string) ([]Receiver, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	all, err := s.store.ListReceivers(ctx, org, "")
	return slices.DeleteFunc(all, func(r Receiver) bool { return !s.may(ctx, PermAppRead, onApp(org, r.AppID)) }), err
}

// DeleteReceiver removes a receiver; environments that it made stay until their end.
func (s *Service) DeleteReceiver(ctx context.Context, org, app, id string) error {
	if err := s.requireAppPerm(ctx, org, app, PermAutomationWrite); err != nil {
		return err
	}
	r, err := s.store.GetReceiver(ctx, org, app, id)
	if err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		return deleted(org, "receiver", receiverPath(r), r.state()), s.store.DeleteReceiver(ctx, org, app, id)
	})
}

// ListReceiverDeliveries lists the newest deliveries of a receiver, newest first.
func (s *Service) ListReceiverDeliveries(ctx context.Context, org, app, id string) ([]ReceiverDelivery, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	if _, err := s.store.GetReceiver(ctx, org, app, id); err != nil {
		return nil, err
	}
	return s.store.ListReceiverDeliveries(ctx, org, id, receiversShown)
}

// Receive takes a request of GitHub or GitLab. Who does not know the secret
// gets CodeUnauthenticated and learns nothing else. The delivery is recorded
// before anything is done, and done once, however often it is sent; what cannot
// be done now the Reconciler does. A ping is answered and not recorded (nil).
func (s *Service) Receive(ctx context.Context, vendor, id string, header http.Header, body []byte) (*ReceiverDelivery, error) {
	r, err := s.store.FindReceiver(ctx, id)
	if IsNotFound(err) || err == nil && r.Vendor != vendor {
		return nil, NotFoundf("there is no such receiver")
	}
	if err != nil {
		return nil, err
	}
	secret, err := s.keeper.Decrypt(r.Sealed, ReceiverPlace(r.OrgID, r.ID))
	if err != nil {
		return nil, Wrapf(CodeInternal, err, "the secret of the receiver cannot be read")
	}
	if !authentic(vendor, header, body, secret) {
		s.observe("receiver", vendor, "refused")
		s.log.WarnContext(ctx, "a delivery was refused: its signature or token is wrong", "org", r.OrgID, "app", r.AppID, "receiver", r.ID)
		return nil, Errorf(CodeUnauthenticated, "the request is not authentic")
	}
	if vendor == VendorGitHub && header.Get("X-Github-Event") == "ping" {
		return nil, nil
	}
	event, err := readEvent(vendor, header, body)
	if err != nil {
		return nil, err
	}
	ctx = WithActor(ctx, SystemActor)
	d, fresh, err := s.keepDelivery(ctx, r, event)
	if err != nil || !fresh {
		return d, err
	}
	return d, s.doReceived(ctx, r, d)
}

// keepDelivery records a delivery; one that is known and has not failed is answered as it is.
func (s *Service) keepDelivery(ctx context.Context, r *Receiver, event receivedEvent) (d *ReceiverDelivery, fresh bool, err error) {
	d = &ReceiverDelivery{
		OrgID: r.OrgID, ReceiverID: r.ID, ID: event.id, Event: event.event, Kind: event.kind, Branch: event.branch, Commit: shorten(event.commit),
		Status: ReceivedPending, Reason: event.reason, CreatedAt: s.now(),
	}
	if r.Repository != "" && r.Repository != event.repository {
		d.Kind, d.Reason = ReceivedOther, "it is of repository "+shorten(event.repository)+", and the receiver is for "+r.Repository
	}
	if d.Kind != ReceivedOther && d.Branch == "" {
		d.Kind, d.Reason = ReceivedOther, "it names no branch"
	}
	if d.Kind == ReceivedOther {
		at := s.now()
		d.Status, d.FinishedAt = ReceivedIgnored, &at
	}
	err = s.store.CreateReceiverDelivery(ctx, d)
	if !IsConflict(err) {
		if err == nil {
			s.observe("receiver", r.Vendor, d.Status)
		}
		return d, err == nil && d.Status == ReceivedPending, err
	}
	known, err := s.store.GetReceiverDelivery(ctx, r.OrgID, r.ID, event.id)
	if err != nil || known.Status != ReceivedFailed {
		return known, false, err
	}
	// Somebody has it sent again.
	known.Status, known.Reason, known.FinishedAt, known.CreatedAt = ReceivedPending, "", nil, d.CreatedAt
	return known, true, s.store.UpdateReceiverDelivery(ctx, known)
}

// doReceived does what a delivery asks for, and records what became of it. What
// may work later stays pending.
func (s *Service) doReceived(ctx context.Context, r *Receiver, d *ReceiverDelivery) error {
	status, reason, err := s.follow(ctx, r, d)
	switch code := CodeOf(err); {
	case err == nil:
	case (code == CodeUnavailable || code == CodeConflict || code == CodeInternal) && s.now().Sub(d.CreatedAt) < receivedTries:
		status, reason = ReceivedPending, messageOf(err)
	default:
		status, reason = ReceivedFailed, messageOf(err)
	}
	d.Status, d.Reason = status, reason[:min(len(reason), maxReason)]
	if status != ReceivedPending {
		at := s.now()
		d.FinishedAt = &at
		s.observe("receiver", r.Vendor, status)
	}
	s.log.InfoContext(ctx, "a delivery was received", slog.String("org", r.OrgID), slog.String("app", r.AppID), slog.String("receiver", r.ID),
		slog.String("event", d.Event), slog.String("branch", d.Branch), slog.String("status", d.Status), slog.String("reason", d.Reason))
	return unlessRaced(s.store.UpdateReceiverDelivery(ctx, d))
}

// follow has the environment come or go.
func (s *Service) follow(ctx context.Context, r *Receiver, d *ReceiverDelivery) (status, reason string, err error) {
	rule, err := s.store.GetPreviewRule(ctx, r.OrgID, r.AppID, r.RuleID)
	if err != nil {
		return "", "", err
	}
	later, err := s.overtaken(ctx, d)
	if err != nil {
		return "", "", err
	}
	if later != "" {
		return ReceivedIgnored, "delivery " + later + ", which came later, was done before it", nil
	}
	d.EnvID = rule.EnvID(d.Branch)
	if d.Kind == ReceivedClose {
		return s.closePreview(ctx, rule, d.Branch)
	}
	return s.openPreview(ctx, rule, d)
}

// overtaken is a later delivery about the branch that is done.
func (s *Service) overtaken(ctx context.Context, d *ReceiverDelivery) (string, error) {
	all, err := s.store.ListReceiverDeliveries(ctx, d.OrgID, d.ReceiverID, receiversShown)
	if err != nil {
		return "", err
	}
	for _, other := range all {
		if other.ID != d.ID && other.Branch == d.Branch && other.Status == ReceivedDone && other.CreatedAt.After(d.CreatedAt) {
			return other.ID, nil
		}
	}
	return "", nil
}

func (s *Service) closePreview(ctx context.Context, rule *PreviewRule, branch string) (status, reason string, err error) {
	ref := EnvRef{OrgID: rule.OrgID, AppID: rule.AppID, EnvID: rule.EnvID(branch)}
	env, err := s.store.GetEnvironment(ctx, ref)
	switch {
	case IsNotFound(err):
		return ReceivedIgnored, "the branch has no preview", nil
	case err != nil:
		return "", "", err
	case env.Status == StatusDeleting:
		return ReceivedDone, "the preview is being removed already", nil
	}
	if l, err := s.store.GetLifetime(ctx, ref); err == nil && l.Protected {
		return ReceivedIgnored, "the preview is protected", nil
	}
	if _, err := s.DeleteEnvironment(ctx, ref); err != nil && !IsNotFound(err) {
		return "", "", err
	}
	return ReceivedDone, "the preview is removed", nil
}

// received does what is pending, as when Temporal was away.
func (r *Reconciler) received(ctx context.Context) error {
	if r.service == nil {
		return nil
	}
	pending, err := r.store.PendingReceiverDeliveries(ctx, r.now().Add(-reconcileGrace), reconcileBatch)
	if err != nil {
		return err
	}
	ctx = WithActor(ctx, SystemActor)
	for i := range pending {
		if err := r.service.doPending(ctx, &pending[i]); err != nil {
			r.log.Warn("a delivery that was received is not done yet", "org", pending[i].OrgID, "receiver", pending[i].ReceiverID, "delivery", pending[i].ID, "error", err)
		}
	}
	return nil
}

func (s *Service) doPending(ctx context.Context, d *ReceiverDelivery) error {
	r, err := s.store.FindReceiver(ctx, d.ReceiverID)
	if err != nil {
		return unlessRaced(err)
	}
	return s.doReceived(ctx, r, d)
}
