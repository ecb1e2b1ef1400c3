use rapport_segment::*; use rapport_learn::*; use rapport_domain::LocalizedText; use std::num::NonZeroUsize;
fn main(){
 let b=std::fs::read("/tmp/retail.f64").unwrap(); let v:Vec<f64>=b.chunks_exact(8).map(|c|f64::from_le_bytes(c.try_into().unwrap())).collect();
 let spec:[(&str,Role,&str,&str);16]=[("recency",Role::Recency,"lapsed","recent"),("orders",Role::Frequency,"frequent","one-time"),("spent",Role::Monetary,"big-spending","small-spending"),("tenure",Role::Tenure,"long-standing","new"),("gap",Role::Frequency,"slow-paced","quick-paced"),("gapsd",Role::Habit,"irregular","regular"),("basket",Role::Basket,"big-basket","small-basket"),("lines",Role::Basket,"wide-basket","narrow-basket"),("skus",Role::Basket,"exploring","focused"),("returns",Role::Returns,"often-returning","keeping"),("hour",Role::Habit,"afternoon","morning"),("weekend",Role::Habit,"weekend","weekday"),("evening",Role::Habit,"evening","daytime"),("trend",Role::Trend,"growing","shrinking"),("orders90",Role::Frequency,"active","inactive"),("spent90",Role::Monetary,"currently spending","not spending")];
 let f:Vec<FeatureInfo>=spec.iter().map(|(n,r,h,l)|FeatureInfo{name:(*n).into(),label:LocalizedText::new(*n,*n),unit:LocalizedText::new("",""),role:*r,higher:LocalizedText::new(*h,*h),lower:LocalizedText::new(*l,*l)}).collect();
 let reps:usize=std::env::args().nth(1).map_or(1,|x|x.parse().unwrap());
 let n=v.len()/16; let mut big=Vec::new(); for _ in 0..reps {big.extend_from_slice(&v);} 
 if reps>1 { for (i,x) in big.iter_mut().enumerate(){ *x+= ((i*7919)%1000) as f64*1e-3; } }
 let m=Matrix::new(n*reps,16,big).unwrap();
 let c=Cancellation::default(); let ctx=Context::new(1,&Silent,&c).with_threads(NonZeroUsize::new(2).unwrap());
 let t=std::time::Instant::now();
 let s=fit(&SegmentInput{records:&m,features:&f,values:None},&SegmentParams::default(),&ctx).unwrap();
 println!("{:?}",t.elapsed());
 let r=s.model.report();
 for c in &r.candidates {println!("{:?} k={} stab {:.3} sil {:.3} small {:.3}",c.method,c.k,c.stability_ari,c.silhouette.unwrap(),c.smallest_share);}
 println!("{:?} {} {:.3} {:?} base {:?}",r.method,r.k,r.stability_ari,r.silhouette,r.baseline);
 for u in &r.features {println!("{u:?}");}
 for a in s.model.axes() {println!("{a:?}");}
 for g in s.model.segments(){println!("{} | {} | {}",g.name.en,g.size,g.description.en);}
}
