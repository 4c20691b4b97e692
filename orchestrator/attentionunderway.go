package orchestrator

// promotions are shown for their deployments.
func (r *attentionReader) promotions() error {
	r.ofOthers = map[string]bool{}
	found, err := r.store.PromotionsUnderway(r.ctx, r.filter)
	if err != nil {
		return err
	}
	for _, p := range cut(r, AttentionPromotion, found) {
		item := AttentionItem{
			Kind: AttentionPromotion, Env: p.Ref(), Status: p.Phase, Message: p.Message, At: p.CreatedAt, By: p.CreatedBy,
			PromotionID: p.ID, DeploymentID: p.DeploymentID,
		}
		if p.Phase == PhaseRollBack {
			item.DeploymentID = p.RollBackID
		}
		if item.Message == "" {
			item.Message = p.Comment
		}
		if item.Message == "" && p.FromEnvID != "" {
			item.Message = "from " + p.FromEnvID
		}
		r.ofOthers[item.DeploymentID] = true
		r.underway(item)
	}
	return nil
}

// spinUps are shown for their first deployments.
func (r *attentionReader) spinUps() error {
	found, err := r.store.SpinUpsUnderway(r.ctx, r.filter)
	if err != nil {
		return err
	}
	for _, u := range cut(r, AttentionSpinUp, found) {
		r.ofOthers[u.DeploymentID] = true
		item := AttentionItem{
			Kind: AttentionSpinUp, Env: u.Ref(), Status: u.Phase, Message: u.Message, At: u.CreatedAt, By: u.CreatedBy, SpinUpID: u.ID, DeploymentID: u.DeploymentID,
		}
		if item.Message == "" && u.FromEnvID != "" {
			item.Message = "as " + u.FromEnvID + " is"
		}
		r.underway(item)
	}
	return nil
}

func (r *attentionReader) deployments() error {
	found, err := r.store.DeploymentsUnderway(r.ctx, r.filter)
	if err != nil {
		return err
	}
	for _, d := range cut(r, AttentionDeployment, found) {
		if r.ofOthers[d.ID] || r.asked[d.ID] {
			continue
		}
		item := AttentionItem{
			Kind: AttentionDeployment, Env: d.Ref(), Status: string(d.Status), Message: d.Comment, At: d.CreatedAt, By: d.CreatedBy, DeploymentID: d.ID,
		}
		if d.Status == DeploymentInProgress && d.Phase != "" {
			item.Status = d.Phase
		}
		r.underway(item)
	}
	return nil
}

func (r *attentionReader) pipelineRuns() error {
	found, err := r.store.PipelineRunsUnderway(r.ctx, r.filter)
	if err != nil {
		return err
	}
	for _, run := range cut(r, AttentionPipelineRun, found) {
		r.underway(runItem(AttentionPipelineRun, &run))
	}
	return nil
}

// names completes all items, and says whose decisions about runs of pipelines count.
func (r *attentionReader) names() error {
	refs, apps := map[EnvRef]Environment{}, map[string]string{}
	lists := [][]AttentionItem{r.out.Waiting, r.out.Concerns, r.out.Underway}
	var wanted []EnvRef
	var ids []string
	for _, list := range lists {
		for i := range list {
			ref := list[i].Env
			if _, known := refs[ref]; !known && ref.EnvID != "" {
				refs[ref] = Environment{}
				wanted = append(wanted, ref)
			}
			if _, known := apps[ref.AppID]; !known && ref.AppID != "" {
				apps[ref.AppID] = ""
				ids = append(ids, ref.AppID)
			}
		}
	}
	environments, err := r.store.FindEnvironmentNames(r.ctx, r.org, wanted)
	if err != nil {
		return err
	}
	for _, e := range environments {
		refs[e.Ref()] = e
	}
	if apps, err = r.store.FindApplicationNames(r.ctx, r.org, ids); err != nil {
		return err
	}
	for _, list := range lists {
		for i := range list {
			item := &list[i]
			env := refs[item.Env]
			item.AppName, item.EnvName = apps[item.Env.AppID], env.Name
			if env.TypeID != "" {
				item.EnvType = env.TypeID
			}
			if item.Kind == AttentionPipelineApproval {
				item.Mine = env.TypeID != "" && r.mayDecideRuns(item.Env, env.TypeID)
			}
		}
	}
	return nil
}

// mayDecideRuns is requireApprover, as an answer.
func (r *attentionReader) mayDecideRuns(ref EnvRef, envType string) bool {
	return r.may(r.ctx, PermPipelinesRun, onApp(ref.OrgID, ref.AppID)) && r.may(r.ctx, PermAppDeploy, onApp(ref.OrgID, ref.AppID)) &&
		r.may(r.ctx, PermDeploy, onEnvType(ref.OrgID, envType))
}
